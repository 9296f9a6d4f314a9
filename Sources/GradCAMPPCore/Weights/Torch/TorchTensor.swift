import GradCAMPPKernels

/// A tensor as a pickle describes it: extents and strides over a part of a storage.
///
/// The arguments of `_rebuild_tensor_v2` are the storage, the place of the first element in it, the
/// extents, the strides in elements, and what training wants.
struct TorchTensor {
  let storage: TorchStorageReference
  let type: TorchElementType
  let shape: Shape
  /// 0 along axes of one element, where files may have anything.
  let strides: [Int]

  /// The place of the first element in the whole storage.
  let first: Int

  /// Weights have five axes at most.
  private static let rankLimit = 8

  /// Reads the description; `name` is what messages call the tensor.
  init(_ node: PickleNode, _ document: PickleDocument, name: String) throws(GradCAMError) {
    let path = document.file.path
    guard node.kind == .tensor, node.items.count >= 4, node.state == nil,
      let storage = TorchStorageReference(node.items[0], document), let type = storage.type,
      case .integer(let first) = node.items[1],
      let extents = Self.integers(node.items[2], document),
      let strides = Self.integers(node.items[3], document), extents.count == strides.count
    else {
      throw GradCAMError(
        .badData, "\(path): \(name.quoted) is no tensor of PyTorch as torch.save writes it")
    }
    guard extents.count <= Self.rankLimit, let shape = Shape(checking: extents, elementSize: 16)
    else {
      throw GradCAMError(
        .badData,
        "\(path): \(name.quoted) has the impossible shape \(Shape.listed(extents)); expected up to "
          + "\(Self.rankLimit) extents that fit in memory")
    }
    self.storage = storage
    self.type = type
    self.shape = shape
    self.strides = zip(extents, strides).map { extent, stride in extent == 1 ? 0 : stride }
    guard 0...storage.part.count ~= first,
      let reach = Self.reach(extents, strides), reach <= storage.part.count - first
    else {
      throw GradCAMError(
        .badData,
        "\(path): \(name.quoted) of shape \(shape), strides \(Shape.listed(strides)) and offset "
          + "\(first) reaches outside its storage of \(storage.part.count) elements")
    }
    self.first = storage.part.lowerBound + first
  }

  /// Whether the elements lie in row-major order without holes.
  var isContiguous: Bool {
    guard shape.count > 0 else { return true }
    var expected = 1
    for (extent, stride) in zip(shape.extents, strides).reversed() where extent != 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }

  /// How many elements lie from the first to the last one; nil for what no storage can hold.
  private static func reach(_ extents: [Int], _ strides: [Int]) -> Int? {
    guard !extents.contains(0) else { return 0 }
    var reach = 1
    for (extent, stride) in zip(extents, strides) {
      let (step, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflow) = reach.addingReportingOverflow(step)
      guard stride >= 0, !overflow, !sumOverflow else { return nil }
      reach = sum
    }
    return reach
  }

  private static func integers(_ value: PickleValue, _ document: PickleDocument) -> [Int]? {
    guard let items = document.tuple(value) else { return nil }
    let integers = items.compactMap { item in
      if case .integer(let integer) = item { integer } else { nil }
    }
    return integers.count == items.count ? integers : nil
  }
}
