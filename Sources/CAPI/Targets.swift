// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

/// The elements of a caller's array, none for NULL and 0.
///
/// Throws `invalidArgument` when there is a pointer and no count, or the other way round, and for
/// more than `most`.
func list<Element>(
  _ elements: UnsafePointer<Element>?, _ count: Int, most: Int, _ name: String,
  _ countName: String
) throws(GradCAMError) -> [Element] {
  let count = try size(count, countName)
  guard let elements else {
    guard count == 0 else {
      throw GradCAMError(.invalidArgument, "\(countName) is \(count) but \(name) is NULL")
    }
    return []
  }
  guard (1...most).contains(count) else {
    throw GradCAMError(.invalidArgument, "\(countName) is \(count); expected 1 to \(most)")
  }
  return (0..<count).map { elements[$0] }
}

/// A caller's array of targets, whose structs may be those of another version of the header.
func targetRequests(
  _ targets: UnsafePointer<gcpp_target>?, _ count: Int, _ name: String
) throws(GradCAMError) -> [TargetRequest] {
  guard let targets else {
    guard count == 0 else {
      throw GradCAMError(.invalidArgument, "\(name)_count is \(count) but \(name) is NULL")
    }
    return []
  }
  let count = try size(count, "\(name)_count")
  guard (1...1 << 20).contains(count) else {
    throw GradCAMError(.invalidArgument, "\(name)_count is \(count); expected 1 to \(1 << 20)")
  }
  // Elements lie as far apart as the first says that it is large.
  let stride = targets.pointee.struct_size
  var requests: [TargetRequest] = []
  for index in 0..<count {
    let address = UnsafeRawPointer(targets) + index * stride
    let given = try options(
      address.assumingMemoryBound(to: gcpp_target.self), default: gcpp_target(),
      "\(name)[\(index)]")
    guard given.struct_size == stride, stride % MemoryLayout<gcpp_target>.alignment == 0 else {
      throw GradCAMError(
        .invalidArgument,
        "\(name)[\(index)] has struct_size \(given.struct_size); expected \(stride) as the first")
    }
    requests.append(try targetRequest(given))
  }
  return requests
}

/// A caller's target.
func targetRequest(_ given: gcpp_target) throws(GradCAMError) -> TargetRequest {
  let classes = try list(
    given.classes, given.class_count, most: 1 << 20, "target.classes", "target.class_count")
  let others = try list(
    given.others, given.other_count, most: 1 << 20, "target.others", "target.other_count")
  return TargetRequest(
    kind: try text(given.kind, "target.kind", default: LogitTarget.name),
    TargetArguments(
      classes: classes.map { Int($0) }, others: others.map { Int($0) },
      weights: try list(
        given.weights, given.weight_count, most: 1 << 28, "target.weights", "target.weight_count"))
  )
}

@_cdecl("gcpp_cancel_token_create") @implementation
public func gcpp_cancel_token_create(
  _ out: UnsafeMutablePointer<OpaquePointer?>?,
  _ poll: (@convention(c) (UnsafeMutableRawPointer?) -> Int32)?,
  _ context: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let address = UInt(bitPattern: context)
    var watch: (@Sendable () -> Bool)?
    if let poll { watch = { poll(UnsafeMutableRawPointer(bitPattern: address)) != 0 } }
    out.pointee = retainedHandle(CancelTokenHandle(CancelToken(poll: watch)))
  }
}

@_cdecl("gcpp_cancel_token_cancel") @implementation
public func gcpp_cancel_token_cancel(_ token: OpaquePointer?) {
  objectIfAny(token, CancelTokenHandle.self)?.token.cancel()
}

@_cdecl("gcpp_cancel_token_free") @implementation
public func gcpp_cancel_token_free(_ token: OpaquePointer?) {
  release(token, CancelTokenHandle.self)
}
