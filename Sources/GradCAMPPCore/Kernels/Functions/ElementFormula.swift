/// A function of one number and its derivative, on a vector of numbers.
///
/// A formula is a file here, a case of `ElementFunction` and a line in
/// `KernelSet+ElementFunctions.swift`. Its methods must be inlined, as `FloatVector` says.
@usableFromInline
protocol ElementFormula: Sendable {
  /// The function.
  func value<V: FloatVector>(_ x: V) -> V

  /// The derivative at the point with this input, or with this output where
  /// `ElementFunction.derivativeReadsOutput`.
  func derivative<V: FloatVector>(_ number: V) -> V
}
