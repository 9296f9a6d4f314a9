import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files of PyTorch that no PyTorch writes.
@Suite struct HostileTorchTests {
  private func message(_ archive: ZipWriter) throws -> String {
    let error = try WeightFiles.refusal(archive.file())
    #expect(error.kind == .badData)
    return error.message
  }

  private let six = PickleWriter.floats([1, 2, 3, 4, 5, 6])

  /// The message about a file with this tensor over a storage of six numbers.
  private func message(
    type: String = "FloatStorage", key: String = "0", first: Int = 0, shape: [Int],
    strides: [Int], count: Int = 6
  ) throws -> String {
    let pickle = TorchWriter.pickle {
      $0.tensor(
        "w", type: type, key: key, first: first, shape: shape, strides: strides, count: count)
    }
    return try message(TorchWriter.archive(pickle, storages: ["0": six]))
  }

  /// The message about an archive of this pickle.
  private func message(pickle: String) throws -> String {
    try message(TorchWriter.archive([0x80, 2] + Array(pickle.utf8)))
  }

  @Test(arguments: [
    // First element, extents, strides.
    (1, [2, 3], [3, 1]), (0, [2, 3], [4, 1]), (-1, [1], [1]), (7, [0], [1]), (0, [2], [-1]),
    (6, [1], [1]), (0, [7], [1]), (0, [2, 2], [.max, 1]), (0, [2, 2], [1 << 62, 1 << 62]),
    (.max, [1], [1]), (.min, [1], [1]), (0, [1 << 40, 1], [1, 1]), (0, [1], [-1]),
  ])
  func viewsStayInTheirStorage(_ first: Int, _ shape: [Int], _ strides: [Int]) throws {
    let message = try message(first: first, shape: shape, strides: strides)
    #expect(message.contains("\"w\" of shape"), "\(message)")
    #expect(message.contains("reaches outside its storage of 6 elements"), "\(message)")
  }

  @Test(arguments: [
    [-1], [1 << 62, 4], [.max, .max], [1, 1, 1, 1, 1, 1, 1, 1, 1], [1 << 61, 1 << 61, 0],
  ])
  func shapesArePossible(_ shape: [Int]) throws {
    let message = try message(shape: shape, strides: shape.map { _ in 0 })
    #expect(message.contains("\"w\" has the impossible shape"), "\(message)")
  }

  @Test func strangeStridesOfSingleElementsDoNoHarm() throws {
    let pickle = TorchWriter.pickle {
      $0.tensor("w", first: 1, shape: [1, 2, 1], strides: [.max, 2, .max - 1], count: 6)
      $0.tensor("v", first: 5, shape: [], strides: [], count: 6)
    }
    let store = try WeightFiles.open(TorchWriter.archive(pickle, storages: ["0": six]).file())
    #expect(try store["w"]?.floats() == [2, 4])
    #expect(try store["v"]?.floats() == [6])
  }

  @Test func storagesAreWhatThePickleSays() throws {
    #expect(
      try message(key: "1", shape: [1], strides: [1])
        .contains("the storage \"1\" of \"w\" is missing"))
    for count in [5, 7, 1 << 40, 1 << 62, .max] {
      #expect(
        try message(shape: [1], strides: [1], count: count)
          .contains("is said to hold \(count) numbers of float32 and has 24 bytes"))
    }
    #expect(
      try message(type: "DoubleStorage", shape: [1], strides: [1])
        .contains("is said to hold 6 numbers of float64 and has 24 bytes"))
    #expect(
      try message(shape: [1], strides: [1], count: -1).contains("\"w\" is no tensor of PyTorch"))
    #expect(
      try message(type: "UntypedStorage", shape: [1], strides: [1])
        .contains("\"w\" is no tensor of PyTorch"))
  }

  @Test func expandedTensorsAreBounded() throws {
    let small = TorchWriter.pickle { $0.tensor("w", shape: [2, 6], strides: [0, 1], count: 6) }
    let store = try WeightFiles.open(TorchWriter.archive(small, storages: ["0": six]).file())
    #expect(try store["w"]?.floats() == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(
      try message(shape: [1 << 40, 6], strides: [0, 1])
        .contains("and the tensors before it are larger than the file can hold"))
    // Many, each of them small enough.
    let many = TorchWriter.pickle { writer in
      for number in 0..<200 {
        writer.tensor("w\(number)", shape: [100 + number, 6], strides: [0, 1], count: 6)
      }
    }
    #expect(
      try message(TorchWriter.archive(many, storages: ["0": six]))
        .contains("and the tensors before it are larger than the file can hold"))
  }

  /// A network copies each of them, so they count although they lie in one place.
  @Test func tensorsThatAreTheSameAreCounted() throws {
    let pickle = TorchWriter.pickle { writer in
      for name in ["a", "b", "c"] { writer.tensor(name, shape: [6], strides: [1], count: 6) }
    }
    let bytes = TorchWriter.archive(pickle, storages: ["0": six]).file()
    try WeightFiles.temporary(bytes) { path throws in
      var limits = Limits()
      limits[.decodedBytes] = 72
      #expect(try WeightFormats.open(MappedFile(path: path, .mapped, limits)).names.count == 3)
      limits[.decodedBytes] = 71
      let error = #expect(throws: GradCAMError.self) {
        try WeightFormats.open(MappedFile(path: path, .mapped, limits))
      }
      #expect(
        error?.message.contains(
          "its arrays take 72 bytes as float32, above the limit of 71; raise decoded_bytes")
          == true)
    }
  }

  @Test func bigEndianStoragesAreSwapped() throws {
    let pickle = TorchWriter.pickle {
      $0.tensor("w", shape: [2, 3], strides: [1, 2], count: 6)
      $0.tensor("v", first: 1, shape: [2], strides: [1], count: 6)
    }
    let numbers: [Float] = [1, 2, 3, 4, 5, 6]
    let swapped = numbers.flatMap { ZipWriter.little($0.bitPattern.byteSwapped) }
    let archive = TorchWriter.archive(pickle, storages: ["0": swapped], byteOrder: "big")
    let store = try WeightFiles.open(archive.file())
    #expect(try store["w"]?.floats() == [1, 3, 5, 2, 4, 6])
    #expect(try store["v"]?.floats() == [2, 3])
  }

  @Test func recordsBesideThePickleAreBelievedOrRefused() throws {
    let pickle = TorchWriter.pickle { $0.tensor("w", shape: [6], strides: [1], count: 6) }
    func archive(_ order: String?, _ version: String?) -> ZipWriter {
      TorchWriter.archive(pickle, storages: ["0": six], byteOrder: order, version: version)
    }
    for (order, version) in [(nil, nil), ("little", "10"), (nil, "1\n")] as [(String?, String?)] {
      #expect(try WeightFiles.open(archive(order, version).file()).names == ["w"])
    }
    #expect(
      try message(archive("middle", nil)).contains("byteorder \"middle\"; expected \"little\""))
    for version in ["0", "11", "x", "", "-1", "99999999999999999999"] {
      #expect(
        try message(archive(nil, version)).contains("is of version \"\(version)\" of PyTorch"))
    }
    #expect(
      try message(TorchWriter.archive(pickle + [0], storages: ["0": six]))
        .contains("1 bytes follow the pickle in \"x/data.pkl\""))
  }

  @Test(arguments: [
    // What stands where the state dictionary belongs, and what the message says of it.
    ("cos\nsystem\nU\u{4}true\u{85}R.", "holds an object of \"os.system\""),
    ("cposix\nsystem\n(U\u{4}truetR.", "holds an object of \"posix.system\""),
    ("cbuiltins\neval\n)R.", "holds an object of \"builtins.eval\""),
    ("cmodels\nVGG\n)\u{81}}b.", "holds an object of \"models.VGG\""),
    ("(imodels\nVGG\n}b.", "holds an object of \"models.VGG\""),
    ("(cmodels\nVGG\nNo.", "holds an object of \"models.VGG\""),
    ("cmodels\nVGG\n)}\u{92}.", "holds an object of \"models.VGG\""),
    ("cmodels\nVGG\n.", "holds an object of \"models.VGG\""),
    ("(U\u{6}modulecmodels\nVGG\nNNtQ)\u{81}}b.", "holds an object of \"models.VGG\""),
    ("}U\u{5}modelcmodels\nVGG\n)\u{81}s.", "holds an object of \"models.VGG\""),
    ("}U\u{3}emacmodels\nVGG\n)\u{81}s.", "holds an object of \"models.VGG\""),
    ("c\u{1b}[31m\nx\n)R.", "\"\\u{1B}[31m.x\""),
    ("N.", "holds None and no dictionary of tensors"),
    ("}.", "holds a dict of 0"),
    (")Q.", "holds a storage"),
    ("NQ.", "has a persistent identifier that is no tuple"),
    ("P1\n.", "code 0x50"),
    ("\u{97}.", "code 0x97"),
    ("0.", "takes a value from an empty stack"),
    ("1.", "takes values to a mark that is not set"),
    ("NNR.", "calls something that is no function"),
    ("N)R.", "holds an object and no dictionary"),
    ("ccollections\nOrderedDict\n]R.", "calls something that is no function"),
    ("ccollections\nOrderedDict\nN\u{85}R.", "other than a list of pairs"),
    ("ccollections\nOrderedDict\n]Na\u{85}R.", "other than a list of pairs"),
    ("ccollections\nOrderedDict\n])a\u{85}R.", "other than a list of pairs"),
    ("ctorch._utils\n_rebuild_parameter\n)R.", "makes a parameter of nothing"),
    ("ctorch._utils\n_rebuild_tensor_v2\n)R.", "holds a tensor"),
    ("}U\u{1}wctorch._utils\n_rebuild_tensor_v2\n)Rs.", "\"w\" is no tensor of PyTorch"),
    ("}U\u{1}wctorch._utils\n_rebuild_tensor_v2\n(NNNNtRs.", "\"w\" is no tensor of PyTorch"),
    (
      "}U\u{1}wctorch._utils\n_rebuild_qtensor\n)Rs.",
      "\"w\" is an object made by \"torch._utils._rebuild_q"
    ),
    ("}q\u{0}U\u{5}modelh\u{0}s.", "holds a dict of 1 and no dictionary of tensors"),
    ("}q\u{0}h\u{0}h\u{0}s.", "holds a dict of 1 and no dictionary of tensors"),
    ("]q\u{0}h\u{0}a.", "holds a list of 1 and no dictionary of tensors"),
  ])
  func whatIsNoStateDictionaryIsNamed(_ pickle: String, _ words: String) throws {
    // Codes above 0x7f are one byte each.
    let bytes = pickle.unicodeScalars.map { UInt8($0.value) }
    let message = try message(TorchWriter.archive([0x80, 2] + bytes))
    #expect(message.contains(words), "\(message)")
    #expect(!message.unicodeScalars.contains { $0.value < 0x20 })
  }

  /// `{key: value}` beside or around a tensor under `w.weight`.
  private func message(
    beside key: String, _ value: (inout PickleWriter) -> Void, under wrapper: String? = nil
  ) throws -> String {
    var writer = PickleWriter()
    writer.put("}(")
    if let wrapper {
      writer.string(wrapper)
      writer.put("}(")
    }
    writer.tensor("w.weight", shape: [6], strides: [1], count: 6)
    if wrapper != nil { writer.put("u") }
    writer.string(key)
    value(&writer)
    writer.put("u.")
    return try message(TorchWriter.archive(writer.bytes, storages: ["0": six]))
  }

  /// A dictionary of one tensor.
  private func network(_ writer: inout PickleWriter) {
    writer.put("}(")
    writer.tensor("w.weight", first: 1, shape: [5], strides: [1], count: 6)
    writer.put("u")
  }

  @Test func networksAreNotChosenFrom() throws {
    #expect(
      try message(beside: "ema", network).contains(
        "holds several networks, beside \"w.weight\" and under \"ema\", and only one can be meant"))
    #expect(
      try message(beside: "model_ema", network, under: "model").contains(
        "under \"model\" and \"model_ema\", and only one can be meant; save it alone, as in "
          + "torch.save(torch.load(PATH)[\"model\"], NEW_PATH)"))
    #expect(try message(beside: "x", network, under: "y").contains("under \"y\" and \"x\""))
  }

  @Test func whatMayBeAWeightIsNotLeftOut() throws {
    #expect(
      try message(beside: "w.bias") { $0.put("]") }.contains(
        "\"w.bias\" is a list of 0; expected a dense tensor"))
    #expect(
      try message(beside: "w.bias") { $0.put("cnumpy.core.multiarray\n_reconstruct\n)R") }.contains(
        "\"w.bias\" is an object made by \"numpy.core.multiarray._reconstruct\"; expected a dense"))
    #expect(
      try message(beside: "w.weight") { $0.put("K\u{1}") }.contains(
        "holds two values named \"w.weight\""))
    #expect(
      try message(beside: "bias") { $0.put("ctorch._tensor\n_rebuild_from_type_v2\n)R") }.contains(
        "made by \"torch._tensor._rebuild_from_type_v2\""))
    var writer = PickleWriter()
    writer.put("}(")
    writer.tensor("w.weight", shape: [6], strides: [1], count: 6)
    for (name, value) in [("w.bias", "N"), ("w._extra_state", "}"), ("lr", "]")] {
      writer.string(name)
      writer.put(value)
    }
    writer.put("u.")
    let archive = TorchWriter.archive(writer.bytes, storages: ["0": six])
    #expect(try WeightFiles.open(archive.file()).names == ["w.weight"])
  }

  @Test func prefixesAreThoseThatAllNamesHave() {
    #expect(TorchWeights.commonPrefix(["module.a", "module.b"]) == "module.")
    #expect(
      TorchWeights.commonPrefix(["module.model.a", "module.model._orig_mod.b"])
        == "module.model.")
    #expect(TorchWeights.commonPrefix(["model.a", "criterion.weight"]) == "")
    #expect(TorchWeights.commonPrefix(["backbone.a"]) == "")
    #expect(TorchWeights.commonPrefix([]) == "")
  }

  @Test func tensorsWithAStateAreRefused() throws {
    var writer = PickleWriter()
    writer.put("}(")
    writer.tensor("w", shape: [6], strides: [1], count: 6)
    writer.put("}bu.")
    #expect(
      try message(TorchWriter.archive(writer.bytes, storages: ["0": six]))
        .contains("\"w\" is no tensor of PyTorch as torch.save writes it"))
  }

  /// 40 dictionaries, each holding the next under three wrappers; and one that holds itself 50,000
  /// times.
  @Test func wrappersDoNotMultiply() throws {
    var laughs = PickleWriter()
    laughs.put("}q\u{0}0")
    for _ in 1...40 {
      laughs.put("}(")
      for key in ["model", "ema", "state_dict"] {
        laughs.string(key)
        laughs.put("h\u{0}")
      }
      laughs.put("uq\u{0}0")
    }
    laughs.put("h\u{0}.")
    #expect(try message(TorchWriter.archive(laughs.bytes)).contains("holds a dict of 3 and no"))
    var cycle = PickleWriter()
    cycle.put("}q\u{0}(")
    for number in 0..<50_000 {
      cycle.string(number.isMultiple(of: 2) ? "model" : "ema_\(number)")
      cycle.put("h\u{0}")
    }
    cycle.put("u.")
    #expect(try message(TorchWriter.archive(cycle.bytes)).contains("holds a dict of 50000"))
  }

  /// A list of 10,000 pairs, of which 1,000 dictionaries are made.
  @Test func dictionariesOfPairsAreCounted() throws {
    var writer = PickleWriter()
    writer.put("](")
    for _ in 0..<10_000 { writer.put("NN\u{86}".unicodeScalars.map { UInt8($0.value) }) }
    writer.put("e")
    writer.put([0x85])
    writer.put("q\u{0}0(")
    for _ in 0..<1000 { writer.put("ccollections\nOrderedDict\nh\u{0}R") }
    writer.put("t.")
    #expect(
      try message(TorchWriter.archive(writer.bytes)).contains("more than 1048576 pickle operations")
    )
  }

  @Test func operationsAreCounted() throws {
    let marks = [UInt8](repeating: UInt8(ascii: "("), count: 1_100_000)
    #expect(
      try message(TorchWriter.archive([0x80, 2] + marks)).contains("more than 1048576 pickle"))
  }
}
