import GradCAMPPKernels

/// Makes weights of a pickle's tensors, each once however often it is referred to.
///
/// Contiguous float32 numbers of this machine's byte order stay in the file; others are converted.
struct TorchTensorLoader {
  /// A tensor's numbers, wherever it is named.
  private struct View: Hashable {
    let key: String
    let type: TorchElementType
    let first: Int
    let extents: [Int]
    let strides: [Int]
  }

  private let storages: TorchStorages
  private var arrays: [View: WeightArray] = [:]
  private var convertedBytes = 0
  /// Numbers of all arrays so far, of those that are the same too: a network copies each.
  private var numbers = 0

  init(_ storages: TorchStorages) { self.storages = storages }

  /// The numbers of a tensor of floating-point numbers; `name` is what messages call it.
  mutating func array(
    _ tensor: TorchTensor, _ width: FloatFormat.Width, _ name: String
  ) throws(GradCAMError) -> WeightArray {
    let view = View(
      key: tensor.storage.key, type: tensor.type, first: tensor.first,
      extents: tensor.shape.extents, strides: tensor.strides)
    if let array = arrays[view] {
      try count(tensor.shape)
      return array
    }
    let array = try converted(tensor, FloatFormat(width, storages.order), name)
    arrays[view] = array
    return array
  }

  private mutating func converted(
    _ tensor: TorchTensor, _ format: FloatFormat, _ name: String
  ) throws(GradCAMError) -> WeightArray {
    let storage = try bytes(tensor, name)
    let size = format.width.byteCount
    let shape = tensor.shape
    let start = storage.lowerBound + tensor.first * size
    let staysInFile = tensor.isContiguous && format.isNativeSingle
    if !staysInFile { try reserve(shape, name) }
    try count(shape)
    if staysInFile { return WeightArray(storages.file, offset: start, shape: shape) }
    let end = tensor.isContiguous ? start + shape.count * size : storage.upperBound
    return WeightArray(
      try storages.file.read(start..<end) { bytes throws(GradCAMError) in
        tensor.isContiguous
          ? try format.tensor(bytes, shape: shape)
          : try format.tensor(bytes, shape: shape, strides: tensor.strides)
      })
  }

  /// Where the tensor's storage lies, whose size must be what the pickle says.
  private func bytes(
    _ tensor: TorchTensor, _ name: String
  ) throws(GradCAMError) -> Range<Int> {
    guard let range = storages.places[tensor.storage.key] else {
      throw error("the storage \(tensor.storage.key.quoted) of \(name.quoted) is missing")
    }
    let (expected, overflow) =
      tensor.storage.count.multipliedReportingOverflow(by: tensor.type.byteCount)
    guard !overflow, range.count == expected else {
      throw error(
        "the storage of \(name.quoted) is said to hold \(tensor.storage.count) numbers of "
          + "\(tensor.type.rawValue) and has \(range.count) bytes")
    }
    return range
  }

  /// Counts the numbers of an array, which may lie where others do.
  private mutating func count(_ shape: Shape) throws(GradCAMError) {
    let (sum, overflow) = numbers.addingReportingOverflow(shape.count)
    numbers = overflow ? 1 << 60 : min(sum, 1 << 60)
    try storages.file.limits.checkWeights(count: numbers, path: storages.file.path)
  }

  /// Counts the memory that a conversion takes.
  ///
  /// float16 doubles in size and nothing grows more, so tensors that take more repeat the same
  /// numbers, as `expand` does.
  private mutating func reserve(_ shape: Shape, _ name: String) throws(GradCAMError) {
    let (total, overflow) = convertedBytes.addingReportingOverflow(shape.count * 4)
    guard !overflow, total <= 2 * storages.file.count else {
      throw error(
        "\(name.quoted) of shape \(shape) and the tensors before it are larger than the file can "
          + "hold; save expanded tensors as contiguous ones")
    }
    convertedBytes = total
  }

  private func error(_ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(storages.file.path): \(sentence)")
  }
}
