import GradCAMPPKernels

/// A file of a network: what an ONNX file says, or what is inferred from the weights of another.
public struct ModelFile: Sendable {
  /// The network, before any pass.
  public let model: ModelGraph

  /// The named weights that it was inferred from; none of an ONNX file.
  let source: WeightStore

  /// The file, then others in which its numbers lie.
  let files: [MappedFile]

  /// What was said of it, and what it says itself where nothing was.
  let options: ModelOptions

  /// Reads a file, whose kind is told by its content; nothing in it is executed.
  ///
  /// Throws `badData` for a file of no known kind and for a network that is not served.
  public init(
    _ file: MappedFile, _ options: ModelOptions = ModelOptions()
  ) throws(GradCAMError) {
    var options = options
    if ONNXFormat.recognizes(file) {
      let document = try ONNXDocument(file)
      model = try ONNXModel.graph(document, options)
      source = try WeightStore(origin: file.path, [])
      files = document.files
    } else {
      guard options.output == nil, options.inputs.isEmpty else {
        throw GradCAMError(
          .invalidArgument,
          "\(file.path) is no ONNX file: it has no outputs and inputs to be chosen by name; expected "
            + "neither output nor inputs")
      }
      source = try WeightFormats.open(file)
      try options.fill(from: source)
      options.configuration =
        options.configuration ?? TimmConfiguration.text(beside: file.path, options.limits)
      model = try ModelBuilders.graph(source, options)
      files = [file]
    }
    self.options = options
  }
}
