import GradCAMPPKernels

/// What an ONNX file says: a network's operators and constants, checked but not yet understood.
///
/// Reading executes nothing and copies no weights; what a file may cost is checked before it is
/// paid. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
public struct ONNXDocument: Sendable {
  /// What messages call the file: its path.
  public let origin: String

  /// The file, then others in which its tensors lie.
  public let files: [MappedFile]

  /// The version of the file format.
  public let formatVersion: Int

  /// The program that wrote the file, such as "pytorch".
  public let producer: String

  /// That program's version.
  public let producerVersion: String

  /// What else the writer noted, by key.
  public let metadata: [String: String]

  /// The operator sets that the graph uses.
  public let versions: ONNXVersions

  /// The network.
  public let graph: ONNXGraph

  /// Operators that the file itself defines.
  public let functions: [ONNXFunction]

  /// The same file with another graph and no functions.
  func replacing(_ graph: ONNXGraph) -> ONNXDocument {
    ONNXDocument(
      origin: origin, files: files, formatVersion: formatVersion, producer: producer,
      producerVersion: producerVersion, metadata: metadata, versions: versions, graph: graph,
      functions: [])
  }
}

extension ONNXDocument {
  static let kind = ProtobufKind("a model", singular: [1, 2, 3, 7])

  /// Reads the ONNX file at `path`.
  ///
  /// Throws `badData` for a file that is not what it should be, or needs what cannot be read, in
  /// one sentence; `fileNotFound` also when a file with its weights is missing.
  public init(path: String) throws(GradCAMError) {
    try self.init(try MappedFile(path: path))
  }

  /// Reads an ONNX file; those beside it come into memory as it did, under its limits.
  public init(_ file: MappedFile) throws(GradCAMError) {
    let files = ONNXFiles(file)
    var (producer, producerVersion) = ("", "")
    var formatVersion: Int64?
    var metadata: [String: String] = [:]
    var versions = ONNXVersions()
    var graph: ProtobufField?
    var imports: [ProtobufField] = []
    var functions: [ProtobufField] = []
    var message = ProtobufMessage(file, Self.kind, files.budget)
    while let field = try message.next() {
      switch field.number {
      case 1: formatVersion = try field.integer()
      case 2: producer = try field.text()
      case 3: producerVersion = try field.text()
      case 7: graph = field
      case 8:
        try files.budget.takePart(file.path)
        imports.append(field)
      case 14:
        let (key, value) = try field.pair()
        guard metadata.updateValue(value, forKey: key) == nil else {
          throw GradCAMError(.badData, "\(file.path) has two metadata entries \(key.quoted)")
        }
      case 20:
        throw GradCAMError(
          .badData, "\(file.path) says how to train a network; expected one for inference alone")
      case 25:
        try files.budget.takePart(file.path)
        functions.append(field)
      default: break
      }
    }
    guard let formatVersion, ONNXVersions.formats.contains(Int(formatVersion)) else {
      throw GradCAMError(
        .badData,
        "\(file.path) is of ONNX's IR version \(formatVersion ?? 0); expected "
          + "\(ONNXVersions.formats.lowerBound) to \(ONNXVersions.formats.upperBound)")
    }
    for field in imports { try versions.add(field) }
    guard versions[""] != nil else {
      throw GradCAMError(.badData, "\(file.path) imports no version of ONNX's own operators")
    }
    guard let graph else { throw GradCAMError(.badData, "\(file.path) holds no graph") }
    self.origin = file.path
    self.formatVersion = Int(formatVersion)
    self.producer = producer
    self.producerVersion = producerVersion
    self.metadata = metadata
    self.versions = versions
    self.functions = try Self.functions(functions, files)
    self.graph = try ONNXGraph(try graph.message(ONNXGraph.kind), versions, files)
    self.files = files.all
  }

  private static func functions(
    _ fields: [ProtobufField], _ files: ONNXFiles
  ) throws(GradCAMError) -> [ONNXFunction] {
    var functions: [ONNXFunction] = []
    var seen: Set<ONNXFunction.Identity> = []
    for field in fields {
      let function = try ONNXFunction(try field.message(ONNXFunction.kind), files)
      guard seen.insert(function.identity).inserted else {
        throw GradCAMError(
          .badData, "\(files.model.path) defines function \(function.identity) twice")
      }
      functions.append(function)
    }
    return functions
  }
}
