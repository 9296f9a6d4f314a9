import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Pickles that no Python writes.
@Suite struct HostilePickleTests {
  /// The message about an `.npy` file of this pickle.
  private func message(_ pickle: [UInt8]) throws -> String {
    let error = try WeightFiles.refusal(PickleWriter.npy(pickle))
    #expect(error.kind == .badData)
    return error.message
  }

  private func message(_ text: String) throws -> String {
    try message([0x80, 2] + Array(text.utf8))
  }

  /// The message about a file whose first array is written by `weights`.
  private func message(_ weights: (inout PickleWriter) -> Void) throws -> String {
    let file = PickleWriter.file { writer in
      weights(&writer)
      writer.array(shape: [1], contents: [0, 0, 0, 0])
    }
    let error = try WeightFiles.refusal(file)
    #expect(error.kind == .badData)
    return error.message
  }

  @Test func theWriterWritesWhatIsRead() throws {
    let store = try WeightFiles.open(
      PickleWriter.file { writer in
        writer.array(shape: [1, 2], contents: PickleWriter.floats([1, 2]))
        writer.array(shape: [2], contents: PickleWriter.floats([3, 4]))
      })
    #expect(store.names == ["fc6/weights", "fc6/biases"])
    #expect(try store["fc6/weights"]?.floats() == [1, 2])
    #expect(try store["fc6/biases"]?.floats() == [3, 4])
  }

  @Test(arguments: [
    "os\nsystem", "posix\nsystem", "builtins\neval", "__builtin__\neval", "subprocess\nPopen",
    "numpy\nsave", "numpy.core.multiarray\nscalar", "_codecs\nlookup", "numpy\nndarray.tofile",
    "numpy.core\nmultiarray._reconstruct", "\n",
  ])
  func globalsOutsideTheListAreNamed(_ lines: String) throws {
    let name = lines.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: ".")
    #expect(try message("c\(lines)\n.").contains("refers to '\(name)' at byte"))
  }

  @Test(arguments: [
    // Operation and what the message says of it.
    (".", "takes a value from an empty stack"),
    ("N", "cut short"),
    ("NN.", "ends the pickle inside a container"),
    ("(N.", "ends the pickle inside a container"),
    ("(.", "takes a value from an empty stack"),
    ("t.", "takes values to a mark that is not set"),
    ("](NNe(t.", "ends the pickle inside a container"),
    ("a.", "takes 1 values from a stack of 0"),
    ("NNa.", "changes a value that has no parts"),
    ("}Na.", "adds to a value of another kind"),
    ("](NNu.", "adds to a value of another kind"),
    ("}(Nu.", "adds a key without a value"),
    ("h\u{5}.", "recalls value 5, which is not remembered"),
    ("q\u{0}.", "remembers a value of an empty stack"),
    ("NNR.", "calls something that is no function"),
    ("cnumpy\ndtype\nNR.", "calls something that is no function"),
    ("cnumpy\ndtype\n]R.", "calls something that is no function"),
    ("c_codecs\nencode\n)R.", "encodes something other than text as latin1"),
    ("cnumpy.core.multiarray\n_reconstruct\n)R.", "makes something other than a numpy.ndarray"),
    ("N)b.", "changes a value that has no parts"),
    ("])b.", "gives a state to something that is no NumPy array"),
    ("ios\nsystem\n.", "code 0x69"),
    ("o.", "code 0x6f"),
    ("P1\n.", "code 0x50"),
    ("Q.", "code 0x51"),
    ("I1\n.", "code 0x49"),
    ("X\u{7f}\u{7f}\u{7f}\u{7f}a.", "takes 2139062143 bytes"),
    ("U\u{7f}a.", "takes 127 bytes"),
    ("J\u{1}", "cut short"),
    ("N.", "expected a dict {name: [weights, biases]}, found None"),
    ("cnumpy\nndarray\n.", "found the name of a class or function"),
    ("cnumpy\ndtype\n)R.", "found a NumPy dtype"),
    ("c" + String(repeating: "x", count: 300), "the name of a module of more than 256 bytes"),
  ])
  func misplacedOperationsAreRefused(_ pickle: String, _ words: String) throws {
    let message = try message(pickle)
    #expect(message.contains(words), "\(message)")
  }

  @Test(
    arguments: [
      // LONG1 of 9 bytes, LONG4 of -1 and of 2^31 - 1 bytes.
      ([0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], "an integer of 9 bytes"),
      ([0x8b, 0xff, 0xff, 0xff, 0xff], "an integer of -1 bytes"),
      ([0x8b, 0xff, 0xff, 0xff, 0x7f], "an integer of 2147483647 bytes"),
      // BINSTRING of -1 and of -2^31 bytes.
      ([0x54, 0xff, 0xff, 0xff, 0xff], "the impossible size -1"),
      ([0x54, 0, 0, 0, 0x80], "the impossible size -2147483648"),
      // BINBYTES of 2^32 - 1, BINBYTES8, BYTEARRAY8 and BINUNICODE8 of 2^64 - 1 and 2^63 - 1 bytes.
      ([0x42, 0xff, 0xff, 0xff, 0xff], "takes 4294967295 bytes"),
      ([0x8e] + [UInt8](repeating: 0xff, count: 8), "the impossible size 18446744073709551615"),
      ([0x8d] + [UInt8](repeating: 0xff, count: 8), "the impossible size 18446744073709551615"),
      ([0x96] + [UInt8](repeating: 0xff, count: 7) + [0x7f], "takes 9223372036854775807 bytes"),
      // FRAME of 2^64 - 1 bytes; NEXT_BUFFER.
      ([0x95] + [UInt8](repeating: 0xff, count: 8), "a frame of 18446744073709551615 bytes"),
      ([0x97], "code 0x97"),
      // STACK_GLOBAL of two integers, and of os.system.
      ([0x4b, 1, 0x4b, 1, 0x93], "whose name is no text"),
      ([0x8c, 2, 0x6f, 0x73, 0x8c, 6] + Array("system".utf8) + [0x93], "refers to 'os.system'"),
    ] as [([UInt8], String)])
  func sizesAreChecked(_ operation: [UInt8], _ words: String) throws {
    let message = try message([0x80, 4] + operation)
    #expect(message.contains(words), "\(message)")
  }

  @Test func protocolsAreChecked() throws {
    #expect(try message([0x80, 1, 0x4e, 0x2e]).contains("a pickle of protocol 1"))
    #expect(try message([0x80, 6, 0x4e, 0x2e]).contains("a pickle of protocol 6"))
    #expect(try message([0x4e, 0x2e]).contains("does not begin a pickle of protocol 2"))
  }

  @Test func operationsAreCounted() throws {
    let marks = [UInt8](repeating: UInt8(ascii: "("), count: 300_000)
    #expect(try message([0x80, 2] + marks).contains("more than 262144 pickle operations"))
  }

  @Test func depthDoesNoHarm() throws {
    // 100,000 lists, each in the next; then as the value of a layer.
    let lists = [UInt8](repeating: UInt8(ascii: "]"), count: 100_000)
    let appends = [UInt8](repeating: UInt8(ascii: "a"), count: 99_999)
    #expect(try message([0x80, 2] + lists + appends + [0x2e]).contains("found a list of 1"))
    let dictionary = [0x80, 2] + Array("}U\u{1}x".utf8)
    let layer = try message(dictionary + lists + appends + Array("s.".utf8))
    #expect(layer.contains("layer \"x\" holds a list of 1"))
  }

  @Test func aListThatContainsItselfIsNoNameOrArray() throws {
    #expect(try message("]q\u{0}h\u{0}a.").contains("found a list of 1"))
    #expect(try message("}q\u{0}h\u{0}h\u{0}s.").contains("a layer's name is a dict of 1"))
    #expect(
      try message("}q\u{0}U\u{1}xh\u{0}s.").contains("layer \"x\" holds a dict of 1"))
  }

  @Test func byteCountsFitShapes() throws {
    #expect(
      try message { $0.array(shape: [2, 3], contents: [UInt8](repeating: 0, count: 20)) }
        .contains("\"fc6/weights\" of shape 2x3 holds 20 bytes; expected 24"))
    #expect(
      try message { $0.array(shape: [2, 3], fortran: true, contents: [0, 0, 0, 0]) }
        .contains("holds 4 bytes; expected 24"))
    #expect(
      try message { $0.array(shape: [2], contents: [1, 2], claiming: .max) }
        .contains("takes 4294967295 bytes"))
    #expect(
      try message { $0.array(shape: [2], fortran: true, contents: [], claiming: 9999) }
        .contains("takes 9999 bytes"))
  }

  @Test(arguments: [
    [-1], [0], [2, 0], [Int(Int32.max), Int(Int32.max), Int(Int32.max)],
    [1, 1, 1, 1, 1, 1, 1, 1, 1], [-1, -1],
  ])
  func shapesArePossible(_ shape: [Int]) throws {
    let message = try message { $0.array(shape: shape, contents: [0, 0, 0, 0]) }
    #expect(message.contains("\"fc6/weights\" has the impossible shape (\(shape[0])"))
  }

  @Test func namesOccurOnce() throws {
    let biases: (inout PickleWriter) -> Void = { $0.array(shape: [1], contents: [0, 0, 0, 0]) }
    var writer = PickleWriter()
    writer.put("}(")
    for _ in 0..<2 {
      writer.string("fc6")
      writer.put("](")
      biases(&writer)
      biases(&writer)
      writer.put("e")
    }
    writer.put("u.")
    #expect(try message(writer.bytes).contains("holds two arrays named \"fc6/weights\""))
  }

  /// 2,000 arrays around the same 64 KiB of float16: 256 MB if they were all converted.
  @Test func sharedBytesAreNotMultiplied() throws {
    var writer = PickleWriter()
    writer.put("}(")
    for layer in 0..<1000 {
      writer.string("l\(layer)")
      writer.put("](")
      if layer == 0 {
        writer.array(shape: [32_768], type: "f2", contents: [UInt8](repeating: 0, count: 65_536))
      } else {
        writer.sameArray(shape: [32_768])
      }
      writer.sameArray(shape: [32_768])
      writer.put("e")
    }
    writer.put("u.")
    #expect(
      try message(writer.bytes).contains("and the arrays before it are larger than the file"))
  }

  @Test func sharedBytesStayInTheFile() throws {
    let numbers = (0..<1024).map(Float.init)
    let store = try WeightFiles.open(
      PickleWriter.file { writer in
        writer.array(shape: [32, 32], contents: PickleWriter.floats(numbers))
        writer.sameArray(shape: [1024])
      })
    #expect(try store["fc6/weights"]?.floats() == numbers)
    #expect(try store["fc6/biases"]?.floats() == numbers)
    #expect(store["fc6/biases"]?.isMapped == true)
  }
}
