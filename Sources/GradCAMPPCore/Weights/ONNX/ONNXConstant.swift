import GradCAMPPKernels

extension ONNXNode {
  /// The value of a Constant node, under the name of its output; nil for any other node.
  ///
  /// Throws `badData` for texts and sparse tensors, and unless there is exactly one value.
  public func constant(_ origin: String) throws(GradCAMError) -> ONNXTensor? {
    guard operatorName == "Constant", domain.isEmpty else { return nil }
    guard attributes.count == 1, outputs.count == 1, let tensor = Self.tensor(attributes[0]) else {
      let names = attributes.map { $0.name.quoted }.joined(separator: ", ")
      throw GradCAMError(
        .badData,
        "\(origin): \(self) has \(names.isEmpty ? "no attributes" : "the attributes \(names)"); "
          + "expected one tensor or list of numbers")
    }
    return tensor.named(outputs[0])
  }

  private static func tensor(_ attribute: ONNXAttribute) -> ONNXTensor? {
    switch (attribute.name, attribute.value) {
    case ("value", .tensor(let tensor)): tensor
    case ("value_float", .float(let number)): ONNXTensor([number], shape: Shape([]))
    case ("value_floats", .floats(let numbers)): ONNXTensor(numbers, shape: Shape([numbers.count]))
    case ("value_int", .integer(let number)): ONNXTensor([number], shape: Shape([]))
    case ("value_ints", .integers(let numbers)):
      ONNXTensor(numbers, shape: Shape([numbers.count]))
    default: nil
    }
  }
}

extension ONNXTensor {
  fileprivate init(_ numbers: [Float], shape: Shape) {
    let bits = numbers.flatMap { Self.bytes($0.bitPattern) }
    self.init(name: "", type: .float32, shape: shape, storage: .copied(bits))
  }

  fileprivate init(_ numbers: [Int64], shape: Shape) {
    let bits = numbers.flatMap { Self.bytes($0) }
    self.init(name: "", type: .int64, shape: shape, storage: .copied(bits))
  }

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
