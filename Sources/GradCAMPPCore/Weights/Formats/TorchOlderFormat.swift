import GradCAMPPKernels

/// The file of `torch.save` before PyTorch 1.6: five pickles, then the storages.
///
/// The pickles are a magic number, the protocol, what the machine was, the content, and the keys of
/// the storages. A storage is its element count and its elements, all little-endian. See
/// `_legacy_save` in torch/serialization.py.
enum TorchOlderFormat: WeightFormat {
  static let name = "PyTorch file of before version 1.6"

  /// LONG1 of 0x1950a86a20f9469cfc6c.
  private static let magic: [UInt8] = [
    0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
  ]

  private static let protocolVersion = 1001

  static func recognizes(_ leadingBytes: [UInt8]) -> Bool {
    guard leadingBytes.count >= 16, leadingBytes[0] == PickleOpcode.proto.rawValue else {
      return false
    }
    let hasFrame = leadingBytes[2] == PickleOpcode.frame.rawValue
    return magic.starts(with: leadingBytes[(hasFrame ? 11 : 2)...].prefix(magic.count))
  }

  static func read(_ file: MappedFile) throws(GradCAMError) -> WeightStore {
    var reader = ByteReader(file)
    let beginning = try PickleMachine.read(&reader, .torch)
    guard case .longInteger = beginning.root,
      file.bytes(reader.offset - 1 - magic.count..<reader.offset - 1) == magic
    else { throw error(file, "does not begin with PyTorch's magic number") }
    let version = try PickleMachine.read(&reader, .torch)
    guard case .integer(protocolVersion) = version.root else {
      throw error(
        file,
        "says \(version.description(of: version.root)) for the format's version; expected "
          + "\(protocolVersion)")
    }
    try checkMachine(try PickleMachine.read(&reader, .torch))
    let content = try PickleMachine.read(&reader, .torch)
    let keys = try PickleMachine.read(&reader, .torch)
    let places = try places(content, keys, &reader)
    return try TorchWeights.store(
      content, TorchStorages(file: file, order: .little, places: places))
  }

  /// Throws `badData` for machines that keep the most significant byte first, whose files nobody
  /// could try.
  private static func checkMachine(_ machine: PickleDocument) throws(GradCAMError) {
    let order = machine.dictionary(machine.root)?.first { machine.text($0.key) == "little_endian" }
    guard case .boolean(true) = order?.value else {
      throw error(
        machine.file,
        "was written by a machine that is not little-endian; save it again with PyTorch 1.6 or "
          + "later")
    }
  }

  /// Where the storages lie, whose keys and sizes the content says.
  private static func places(
    _ content: PickleDocument, _ keys: PickleDocument, _ reader: inout ByteReader
  ) throws(GradCAMError) -> [String: Range<Int>] {
    let file = content.file
    var references: [String: TorchStorageReference] = [:]
    for node in content.nodes where node.kind == .persistent {
      guard let reference = TorchStorageReference(node, content) else {
        throw error(file, "is damaged: it refers to something that is no storage")
      }
      let other = references.updateValue(reference, forKey: reference.key)
      guard other.map({ $0.type == reference.type && $0.count == reference.count }) ?? true else {
        throw error(
          file, "is damaged: it says two sizes of the storage \(reference.key.quoted)")
      }
    }
    guard let list = keys.sequence(keys.root), list.count == references.count else {
      throw error(
        file,
        "is damaged: \(keys.description(of: keys.root)) stands for the keys of "
          + "\(references.count) storages")
    }
    var places: [String: Range<Int>] = [:]
    for item in list {
      guard let key = keys.text(item), let reference = references[key], places[key] == nil else {
        throw error(
          file,
          "is damaged: \(keys.description(of: item)) is no storage's key, or stands there twice")
      }
      let what = "the storage \(key.quoted)"
      let count = try reader.integer(Int64.self, what)
      let (size, overflow) =
        reference.count.multipliedReportingOverflow(by: reference.type?.byteCount ?? 1)
      guard count == reference.count, !overflow else {
        throw error(
          file,
          "is damaged: \(what) has \(count) elements; expected \(reference.count)")
      }
      places[key] = try reader.skip(size, what)
    }
    guard reader.remaining == 0 else {
      throw error(file, "has \(reader.remaining) bytes behind its last storage; expected none")
    }
    return places
  }

  private static func error(_ file: MappedFile, _ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(file.path) \(sentence)")
  }
}
