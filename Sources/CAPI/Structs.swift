// Structs that begin with `struct_size`: what of them both sides know.

import CGradCAMPP
import GradCAMPPKernels

/// A struct of the header that begins with `struct_size` and only ever grows at the end.
protocol SizedStruct {
  /// Where its members lie, in order, without the padding between them.
  static var members: [Range<Int>] { get }
}

/// Where a member of a struct lies, in bytes.
func place<Root, Member>(_ member: KeyPath<Root, Member>) -> Range<Int> {
  let start = MemoryLayout<Root>.offset(of: member) ?? 0
  return start..<start + MemoryLayout<Member>.size
}

extension SizedStruct {
  /// Throws `invalidArgument` unless `size` is that of a struct as some version of the header has
  /// it: an uninitialised one has any, and a member that is known by half has no value.
  fileprivate static func check(size: Int, _ name: String) throws(GradCAMError) {
    let cut = members.contains { $0.lowerBound < size && size < $0.upperBound }
    guard size >= MemoryLayout<Int>.size, size <= 1 << 16, !cut else {
      throw GradCAMError(
        .invalidArgument,
        "\(name) has struct_size \(UInt(bitPattern: size))"
          + (cut ? ", which ends inside a member" : "") + "; initialise it with its INIT macro")
    }
  }
}

/// A caller's options: the part that both sides know.
///
/// Throws `invalidArgument` when the size is missing, or when a newer caller uses a field that
/// this library does not know.
func options<Options: SizedStruct & BitwiseCopyable>(
  _ pointer: UnsafePointer<Options>?, default value: Options, _ name: String
) throws(GradCAMError) -> Options {
  guard let pointer else { return value }
  let raw = UnsafeRawPointer(pointer)
  let size = raw.load(as: Int.self)
  try Options.check(size: size, name)
  let known = MemoryLayout<Options>.size
  for index in min(known, size)..<size where raw.load(fromByteOffset: index, as: UInt8.self) != 0 {
    throw GradCAMError(
      .invalidArgument,
      "\(name) uses a field that this library, version \(GCPP_VERSION_STRING), does not know")
  }
  return knownMembers(of: pointer, default: value)
}

/// The members that lie wholly inside a caller's struct, whatever else is wrong with it; the others
/// are those of `value`, and all when the size cannot be one.
func knownMembers<Options: SizedStruct & BitwiseCopyable>(
  of pointer: UnsafePointer<Options>?, default value: Options
) -> Options {
  var result = value
  guard let pointer else { return result }
  let raw = UnsafeRawPointer(pointer)
  let size = raw.load(as: Int.self)
  guard size >= MemoryLayout<Int>.size, size <= 1 << 16 else { return result }
  withUnsafeMutableBytes(of: &result) { bytes in
    for member in Options.members where member.upperBound <= size {
      UnsafeMutableRawBufferPointer(rebasing: bytes[member])
        .copyBytes(from: UnsafeRawBufferPointer(start: raw, count: size)[member])
    }
  }
  return result
}

/// Fills the members of a caller's struct that both sides know; `struct_size`, padding and what
/// lies behind are left as they are.
func fill<Description: SizedStruct & BitwiseCopyable>(
  _ out: UnsafeMutablePointer<Description>?, with description: Description, _ name: String
) throws(GradCAMError) {
  let out = UnsafeMutableRawPointer(try required(out, name))
  let size = out.load(as: Int.self)
  try Description.check(size: size, name)
  withUnsafeBytes(of: description) { bytes in
    for member in Description.members.dropFirst() where member.upperBound <= size {
      UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(
          start: out, count: size)[member]
      ).copyBytes(from: bytes[member])
    }
  }
}
