import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite struct NPYHeaderTests {
  private static let usual = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }  \n"

  private func header(_ bytes: [UInt8]) throws -> (NPYHeader, offset: Int) {
    try WeightFiles.temporary(bytes) { path in
      var reader = ByteReader(try MappedFile(path: path))
      return (try NPYHeader(&reader), reader.offset)
    }
  }

  private func file(
    _ literal: String, version: [UInt8] = [1, 0], length: [UInt8]? = nil
  ) -> [UInt8] {
    let length = length ?? [UInt8(literal.utf8.count), 0]
    return NPYHeader.signature + version + length + Array(literal.utf8)
  }

  @Test func threeVersionsAreRead() throws {
    let expected = NPYHeader(elementType: "<f4", isFortranOrder: false, shape: [3, 4])
    let size = UInt8(Self.usual.utf8.count)
    let first = try header(file(Self.usual))
    #expect(first == (expected, 10 + Int(size)))
    for version: UInt8 in [2, 3] {
      let later = try header(file(Self.usual, version: [version, 0], length: [size, 0, 0, 0]))
      #expect(later == (expected, 12 + Int(size)))
    }
  }

  @Test(arguments: [
    ("{'shape': (), 'descr': '|O', 'fortran_order': True}", [Int]()),
    ("{ \"descr\" : \"|O\" , 'fortran_order':True,'shape':( 7 , ),}", [7]),
    ("{'descr':'|O','fortran_order':True,'shape':(10L, 2L)}", [10, 2]),
    ("{'descr':'|O','fortran_order':True,'shape':(1, 2, 3,)}", [1, 2, 3]),
  ])
  func spellingsAreRead(_ literal: String, _ shape: [Int]) throws {
    let expected = NPYHeader(elementType: "|O", isFortranOrder: true, shape: shape)
    #expect(try header(file(literal)).0 == expected)
  }

  @Test func structuredTypesAreReported() throws {
    let literal = "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }"
    #expect(try header(file(literal)).0.elementType == nil)
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + exit()",
    "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
  ])
  func otherTextIsRefused(_ literal: String) throws {
    let error = #expect(throws: GradCAMError.self) { try header(file(literal)) }
    #expect(error?.kind == .badData)
  }

  @Test func lengthsAndVersionsAreChecked() throws {
    for (bytes, word) in [
      (file(Self.usual, length: [0xff, 0xff]), "65535"),
      (file(Self.usual, length: [0xff, 0x00]), "cut short"),
      (file(Self.usual, version: [2, 0], length: [0xff, 0xff, 0xff, 0xff]), "4294967295"),
      (file(Self.usual, version: [4, 0]), "version 4.0"),
      (file(Self.usual, version: [1, 1]), "version 1.1"),
      (Array(NPYHeader.signature), "cut short"),
    ] {
      let error = try #require(throws: GradCAMError.self) { try header(bytes) }
      #expect(error.message.contains(word))
    }
  }
}
