import GradCAMPPKernels

/// A class over a mask of a map's cells: the sum of its logits there.
///
/// Seg-Grad-CAM explains semantic segmentation so (Vinogradova et al. 2020, equation 2).
public struct MaskTarget: Target {
  /// "mask".
  public static let name = "mask"

  /// What its score is.
  public static let summary = "a class's logits in the cells of a mask, added up"

  private let index: Int
  private let cells: [(cell: Int, weight: Float)]
  private let classCount: Int

  /// One class, and one finite weight for each cell of the output, not all 0.
  public init(_ arguments: TargetArguments, _ output: OutputDescription) throws(GradCAMError) {
    guard output.kind == .map else {
      throw GradCAMError(
        .invalidArgument,
        "target \(Self.name.quoted) is for networks that end with a map; this one ends with "
          + (output.kind == .vector ? "a vector" : "one score for each class"))
    }
    let cellCount = output.shape.count / output.classCount
    guard arguments.classes.count == 1, arguments.others.isEmpty,
      arguments.weights.count == cellCount
    else {
      throw GradCAMError(
        .invalidArgument,
        "target \(Self.name.quoted) has \(arguments.classes.count) classes and "
          + "\(arguments.weights.count) weights; expected one class and \(cellCount) weights, one "
          + "for each cell of the output")
    }
    index = arguments.classes[0]
    try output.checkRange([index])
    classCount = output.classCount
    cells = arguments.weights.enumerated().filter { $0.element != 0 }
      .map { (cell: $0.offset, weight: $0.element) }
    guard !cells.isEmpty, cells.allSatisfy({ $0.weight.isFinite }) else {
      throw GradCAMError(
        .invalidArgument,
        "the mask of target \(Self.name.quoted) holds NaN or infinity, or is empty; finite numbers "
          + "are expected")
    }
  }

  /// The class.
  public var classIndex: Int? { index }

  /// `Σ m_c z_ck`.
  public func score(_ output: NetworkOutput) -> Double {
    cells.reduce(0) {
      $0 + Double($1.weight) * Double(output.numbers[$1.cell * classCount + index])
    }
  }

  /// The mask at the class's elements.
  public func weights(_ output: NetworkOutput) -> OutputWeights {
    OutputWeights(
      cells.map {
        OutputWeights.Entry(element: $0.cell * classCount + index, weight: $0.weight)
      })
  }
}
