/// The pickle operations of protocols 2 to 5.
///
/// Names and codes are those of Python's `pickletools`. Operations that reach outside the file
/// (extension codes, out-of-band buffers, persistent identifiers that are text), and the text forms
/// of protocols 0 and 1 are left out.
enum PickleOpcode: UInt8 {
  case mark = 0x28  // (
  case stop = 0x2e  // .
  case proto = 0x80
  case frame = 0x95

  case none = 0x4e  // N
  case newTrue = 0x88
  case newFalse = 0x89
  case binInt = 0x4a  // J
  case binInt1 = 0x4b  // K
  case binInt2 = 0x4d  // M
  case long1 = 0x8a
  case long4 = 0x8b
  case binFloat = 0x47  // G

  case binString = 0x54  // T
  case shortBinString = 0x55  // U
  case binUnicode = 0x58  // X
  case shortBinUnicode = 0x8c
  case binUnicode8 = 0x8d
  case binBytes = 0x42  // B
  case shortBinBytes = 0x43  // C
  case binBytes8 = 0x8e
  case byteArray8 = 0x96

  case emptyTuple = 0x29  // )
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case tuple = 0x74  // t
  case emptyList = 0x5d  // ]
  case append = 0x61  // a
  case appends = 0x65  // e
  case emptyDict = 0x7d  // }
  case setItem = 0x73  // s
  case setItems = 0x75  // u

  case binPut = 0x71  // q
  case longBinPut = 0x72  // r
  case memoize = 0x94
  case binGet = 0x68  // h
  case longBinGet = 0x6a  // j

  case global = 0x63  // c
  case stackGlobal = 0x93
  case reduce = 0x52  // R
  case build = 0x62  // b

  case persistentIdentifier = 0x51  // Q
  case newObject = 0x81
  case newObjectWithKeywords = 0x92
  case object = 0x6f  // o
  case instance = 0x69  // i
  case emptySet = 0x8f
  case addItems = 0x90
  case frozenSet = 0x91
  case pop = 0x30  // 0
  case popMark = 0x31  // 1

  /// Whether NumPy arrays in containers do without it.
  var isForForeignObjects: Bool {
    switch self {
    case .persistentIdentifier, .newObject, .newObjectWithKeywords, .object, .instance, .emptySet,
      .addItems, .frozenSet, .pop, .popMark:
      true
    default: false
    }
  }
}
