import GradCAMPPKernels

/// The formats of weight files.
public enum WeightFormats {
  /// Every format, in the order in which files are tried.
  public static let all: [any WeightFormat.Type] = [
    NPYFormat.self,
    SafetensorsFormat.self,
    TorchArchiveFormat.self,
    TorchOlderFormat.self,
  ]

  /// Opens the weight file at `path`, whose format is told by its content.
  ///
  /// Nothing in the file is executed. Arrays of native float32 stay in the file.
  public static func open(path: String) throws(GradCAMError) -> WeightStore {
    try open(MappedFile(path: path))
  }

  /// Opens a weight file; what is made of it keeps to the file's limits.
  public static func open(_ file: MappedFile) throws(GradCAMError) -> WeightStore {
    let path = file.path
    let leadingBytes = file.bytes(0..<min(16, file.count))
    for format in all where format.recognizes(leadingBytes) { return try format.read(file) }
    throw GradCAMError(
      .badData,
      """
      \(path) is no weight file: it is \(UnknownContent(file)); expected \
      a NumPy object file such as vgg16.npy, made by numpy.save of {name: [weights, biases]}, a \
      safetensors file, or a state dictionary that torch.save wrote
      """)
  }
}
