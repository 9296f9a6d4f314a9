/// Writes files of PyTorch, well-formed or not, for tests.
enum TorchWriter {
  /// A pickle of `{name: tensor}`, the tensors written by `tensors`.
  static func pickle(_ tensors: (inout PickleWriter) -> Void) -> [UInt8] {
    var writer = PickleWriter()
    writer.put("}(")
    tensors(&writer)
    writer.put("u.")
    return writer.bytes
  }

  /// A ZIP archive of a pickle and storages.
  static func archive(
    _ pickle: [UInt8], storages: [String: [UInt8]] = [:], byteOrder: String? = "little",
    version: String? = "3\n", others: [String: [UInt8]] = [:]
  ) -> ZipWriter {
    var entries = [ZipWriter.Entry(name: "x/data.pkl", contents: pickle)]
    if let byteOrder {
      entries.append(ZipWriter.Entry(name: "x/byteorder", contents: Array(byteOrder.utf8)))
    }
    if let version {
      entries.append(ZipWriter.Entry(name: "x/version", contents: Array(version.utf8)))
    }
    for (name, contents) in others.sorted(by: { $0.key < $1.key }) {
      entries.append(ZipWriter.Entry(name: name, contents: contents))
    }
    for (key, contents) in storages.sorted(by: { $0.key < $1.key }) {
      entries.append(ZipWriter.Entry(name: "x/data/\(key)", contents: contents))
    }
    return ZipWriter(entries: entries)
  }

  /// An archive of one tensor of float32 numbers, `fc.weight`.
  static func sample(_ values: [Float] = [1, 2, 3, 4, 5, 6]) -> ZipWriter {
    archive(
      pickle { $0.tensor("fc.weight", shape: [2, 3], strides: [3, 1], count: 6) },
      storages: ["0": PickleWriter.floats(values)])
  }

  /// A file in the older format.
  static func older(
    magic: [UInt8] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
    version: Int = 1001, isLittle: Bool = true, content: [UInt8], keys: [String],
    storages: [UInt8]
  ) -> [UInt8] {
    var head = PickleWriter()
    head.integer(version)
    var machine = PickleWriter()
    machine.put("}")
    machine.string("little_endian")
    machine.put([isLittle ? 0x88 : 0x89])
    machine.put("s.")
    var list = PickleWriter()
    list.put("](")
    keys.forEach { list.string($0) }
    list.put("e.")
    return [0x80, 2] + magic + [0x2e] + head.bytes + [0x2e] + machine.bytes + content + list.bytes
      + storages
  }
}

extension PickleWriter {
  /// A key and a tensor as torch.save writes it.
  mutating func tensor(
    _ name: String, type: String = "FloatStorage", key: String = "0", first: Int = 0,
    shape: [Int], strides: [Int], count: Int, view: ((inout PickleWriter) -> Void)? = nil
  ) {
    string(name)
    put("ctorch._utils\n_rebuild_tensor_v2\n(")
    storage(type: type, key: key, count: count, view: view)
    wideInteger(first)
    put("(")
    shape.forEach { wideInteger($0) }
    put("t(")
    strides.forEach { wideInteger($0) }
    put("t")
    put([0x89])
    put("ccollections\nOrderedDict\n)RtR")
  }

  /// A storage's persistent identifier, of five items, or of six with a `view`.
  mutating func storage(
    type: String = "FloatStorage", key: String, count: Int,
    view: ((inout PickleWriter) -> Void)? = nil
  ) {
    put("(")
    string("storage")
    put("ctorch\n\(type)\n")
    string(key)
    string("cpu")
    wideInteger(count)
    view?(&self)
    put("tQ")
  }

  /// LONG1 of 8 bytes.
  mutating func wideInteger(_ value: Int) { put([0x8a, 8] + ZipWriter.little(value)) }
}
