import GradCAMPPKernels

/// The file of `torch.save` since PyTorch 1.6: a ZIP archive of stored entries.
///
/// `NAME/data.pkl` is a pickle, `NAME/data/KEY` are the storages, `NAME/byteorder` the order of
/// their numbers' bytes ("little" where it is missing), `NAME/version` the format's.
/// https://github.com/pytorch/pytorch, caffe2/serialize/inline_container.h.
enum TorchArchiveFormat: WeightFormat {
  static let name = "PyTorch file"

  /// The newest version of the format.
  private static let newestVersion = 10

  static func recognizes(_ leadingBytes: [UInt8]) -> Bool {
    leadingBytes.starts(with: [0x50, 0x4b, 0x03, 0x04])
  }

  static func read(_ file: MappedFile) throws(GradCAMError) -> WeightStore {
    let archive = try ZipArchive(file)
    let folder = try folder(archive, file)
    for entry in archive.entries where entry.method != 0 {
      throw GradCAMError(
        .badData,
        "\(file.path): the entry \(entry.name.quoted) is compressed (method \(entry.method)); "
          + "expected a file as torch.save writes it, which compresses nothing")
    }
    try checkVersion(archive, folder, file)
    let order = try order(archive, folder, file)
    let prefix = folder + "data/"
    var places: [String: Range<Int>] = [:]
    for entry in archive.entries where entry.name.hasPrefix(prefix) {
      places[String(entry.name.dropFirst(prefix.count))] = entry.range
    }
    guard let pickle = archive[folder + "data.pkl"] else {
      throw GradCAMError(.badData, "\(file.path) holds no \((folder + "data.pkl").quoted)")
    }
    var reader = ByteReader(file, pickle.range)
    let document = try PickleMachine.read(&reader, .torch)
    guard reader.remaining == 0 else {
      throw GradCAMError(
        .badData,
        "\(file.path) is damaged: \(reader.remaining) bytes follow the pickle in "
          + "\(pickle.name.quoted)")
    }
    return try TorchWeights.store(
      document, TorchStorages(file: file, order: order, places: places))
  }

  /// The folder with the pickle in it, and its slash; throws `badData` for archives of other kinds.
  private static func folder(
    _ archive: ZipArchive, _ file: MappedFile
  ) throws(GradCAMError) -> String {
    let pickles = archive.entries.map(\.name).filter { name in
      name.hasSuffix("/data.pkl") && name.count { $0 == "/" } == 1
    }
    guard pickles.count == 1 else {
      throw GradCAMError(
        .badData,
        pickles.isEmpty
          ? "\(file.path) is \(kind(archive))"
          : "\(file.path) holds \(pickles.count) files named data.pkl; expected one")
    }
    let folder = String(pickles[0].dropLast("data.pkl".count))
    guard archive[folder + "constants.pkl"] == nil else {
      throw GradCAMError(
        .badData,
        "\(file.path) is a TorchScript program; save its weights where torch is: "
          + "torch.save(torch.jit.load(PATH).state_dict(), NEW_PATH), or export the network to ONNX"
      )
    }
    return folder
  }

  /// What an archive is that PyTorch did not write, in words for a message.
  private static func kind(_ archive: ZipArchive) -> String {
    let names = archive.entries.map(\.name)
    if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) {
      return "an archive of NumPy arrays; open it in Python, or hand its arrays over"
    }
    if names.contains("model.weights.h5") {
      return "a file of Keras; open it in Python, where h5py reads it"
    }
    return "a ZIP archive without data.pkl; expected one that torch.save wrote"
  }

  private static func checkVersion(
    _ archive: ZipArchive, _ folder: String, _ file: MappedFile
  ) throws(GradCAMError) {
    guard let text = text(archive[folder + "version"], file) else { return }
    guard let version = Int(text), 1...newestVersion ~= version else {
      throw GradCAMError(
        .badData,
        "\(file.path) is of version \(text.quoted) of PyTorch's format; expected 1 to "
          + "\(newestVersion)")
    }
  }

  private static func order(
    _ archive: ZipArchive, _ folder: String, _ file: MappedFile
  ) throws(GradCAMError) -> ByteOrder {
    switch text(archive[folder + "byteorder"], file) {
    case nil, "little": return .little
    case "big": return .big
    case .some(let text):
      throw GradCAMError(
        .badData,
        "\(file.path) says byteorder \(text.quoted); expected \"little\" or \"big\"")
    }
  }

  /// The beginning of an entry as text, without a newline at its end.
  private static func text(_ entry: ZipArchive.Entry?, _ file: MappedFile) -> String? {
    guard let entry else { return nil }
    let bytes = file.bytes(entry.range.prefix(32))
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    return String(decoding: text, as: UTF8.self)
  }
}
