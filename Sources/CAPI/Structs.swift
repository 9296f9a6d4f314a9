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

// The members of each struct. Tests/C/filled_structs.c and read_structs.c try every size of every struct, so that a
// member which is missing here is noticed.

extension gcpp_model_options: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.preprocessing), place(\Self.channel_order),
      place(\Self.scale), place(\Self.mean), place(\Self.deviation), place(\Self.source),
      place(\Self.crop), place(\Self.limits), place(\Self.mapping),
    ]
  }
}

extension gcpp_explain_options: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.method), place(\Self.layer), place(\Self.targets),
      place(\Self.target_count), place(\Self.guided), place(\Self.top),
      place(\Self.target_list), place(\Self.target_list_count), place(\Self.layers),
      place(\Self.layer_count), place(\Self.method_options), place(\Self.method_option_count),
      place(\Self.cancel),
    ]
  }
}

extension gcpp_render_options: SizedStruct {
  static var members: [Range<Int>] {
    [place(\Self.struct_size), place(\Self.colormap), place(\Self.alpha)]
  }
}

extension gcpp_explanation_parts: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.method), place(\Self.layer), place(\Self.target),
      place(\Self.predictions), place(\Self.prediction_count), place(\Self.heatmap),
      place(\Self.cam), place(\Self.channel_weights), place(\Self.guided), place(\Self.seen),
      place(\Self.height), place(\Self.width), place(\Self.scale), place(\Self.source),
      place(\Self.target_kind), place(\Self.score),
    ]
  }
}

extension gcpp_model_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.architecture), place(\Self.default_layer),
      place(\Self.class_count), place(\Self.input_height), place(\Self.input_width),
      place(\Self.input_channels), place(\Self.channel_order), place(\Self.scale),
      place(\Self.mean), place(\Self.deviation), place(\Self.borrows), place(\Self.crop),
      place(\Self.output), place(\Self.probabilities), place(\Self.output_rank),
      place(\Self.output_shape),
    ]
  }
}

extension gcpp_layer_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.name), place(\Self.kind), place(\Self.rank),
      place(\Self.shape),
    ]
  }
}

extension gcpp_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.name), place(\Self.summary), place(\Self.citation),
    ]
  }
}

extension gcpp_target: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.kind), place(\Self.classes), place(\Self.class_count),
      place(\Self.others), place(\Self.other_count), place(\Self.weights),
      place(\Self.weight_count),
    ]
  }
}

extension gcpp_scoring: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.pictures), place(\Self.image), place(\Self.masks),
      place(\Self.background), place(\Self.count), place(\Self.targets),
      place(\Self.target_count), place(\Self.cancel),
    ]
  }
}

extension gcpp_method_needs: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.several_layers), place(\Self.gradients),
      place(\Self.scoring),
    ]
  }
}

extension gcpp_option_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.name), place(\Self.summary), place(\Self.kind),
      place(\Self.standard_value), place(\Self.least), place(\Self.most),
    ]
  }
}
