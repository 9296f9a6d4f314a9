/// Writes pickles, well-formed or not, for tests.
struct PickleWriter {
  var bytes: [UInt8] = [0x80, 2]

  mutating func put(_ text: String) { bytes += Array(text.utf8) }
  mutating func put(_ raw: [UInt8]) { bytes += raw }

  /// BININT.
  mutating func integer(_ value: Int) {
    bytes.append(UInt8(ascii: "J"))
    withUnsafeBytes(of: Int32(value).littleEndian) { bytes += $0 }
  }

  /// SHORT_BINSTRING.
  mutating func string(_ text: String) {
    bytes += [UInt8(ascii: "U"), UInt8(text.utf8.count)] + Array(text.utf8)
  }

  /// A BINBYTES of these bytes, which may claim another size.
  mutating func binBytes(_ contents: [UInt8], claiming size: UInt32? = nil) {
    bytes.append(UInt8(ascii: "B"))
    withUnsafeBytes(of: (size ?? UInt32(contents.count)).littleEndian) { bytes += $0 }
    bytes += contents
  }

  /// A NumPy array as `numpy.save` writes it; remembers its dtype as 1 and its bytes as 2.
  mutating func array(
    shape: [Int], type: String = "f4", order: String = "<", fortran: Bool = false,
    contents: [UInt8], claiming size: UInt32? = nil
  ) {
    beginArray(shape: shape)
    put("cnumpy\ndtype\n")
    string(type)
    put("K\u{0}K\u{1}")
    put([0x87])
    put("R(K\u{3}")
    string(order)
    put("NNN")
    integer(-1)
    integer(-1)
    put("K\u{0}tbq\u{1}")
    put([fortran ? 0x88 : 0x89])
    binBytes(contents, claiming: size)
    put("q\u{2}tb")
  }

  /// An array of another shape around the dtype and the bytes of the last `array`.
  mutating func sameArray(shape: [Int]) {
    beginArray(shape: shape)
    put("h\u{1}")
    put([0x89])
    put("h\u{2}tb")
  }

  private mutating func beginArray(shape: [Int]) {
    put("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\u{0}")
    put([0x85])
    string("b")
    put([0x87])
    put("R(K\u{1}(")
    shape.forEach { integer($0) }
    put("t")
  }

  /// An `.npy` file of `{layer: [weights, biases]}`, the two arrays written by `arrays`.
  static func file(
    layer: String = "fc6", _ arrays: (inout PickleWriter) -> Void
  ) -> [UInt8] {
    var writer = PickleWriter()
    writer.put("}")
    writer.string(layer)
    writer.put("](")
    arrays(&writer)
    writer.put("es.")
    return npy(writer.bytes)
  }

  /// An `.npy` file, version 1.0, of a pickle.
  static func npy(
    _ pickle: [UInt8], header: String = "{'descr': '|O', 'fortran_order': False, 'shape': (), }"
  ) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 0xff), 0] + Array(header.utf8)
      + pickle
  }

  /// The bytes of float32 numbers, little-endian.
  static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
  }
}
