// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPKernels

/// A caller's limits; 0 and NULL mean the defaults.
func limits(_ given: UnsafePointer<gcpp_limits>?) throws(GradCAMError) -> Limits {
  let given = try options(given, default: gcpp_limits(), "limits")
  var limits = Limits()
  for (name, member) in members where given[keyPath: member] != 0 {
    limits[name] = Int(clamping: given[keyPath: member])
  }
  return limits
}

private var members: [(Limits.Name, WritableKeyPath<gcpp_limits, UInt64>)] {
  [
    (.pixels, \.pixels), (.decodedBytes, \.decoded_bytes), (.scans, \.scans), (.layers, \.layers),
    (.multiplyAdds, \.multiply_adds), (.workspaceBytes, \.workspace_bytes),
  ]
}

@_cdecl("gcpp_limits_info") @implementation
public func gcpp_limits_info(_ out: UnsafeMutablePointer<gcpp_limits>?) -> gcpp_status {
  attempt(nil) { () throws(GradCAMError) in
    var limits = gcpp_limits()
    for (name, member) in members { limits[keyPath: member] = UInt64(name.standard) }
    try fill(out, with: limits, "out")
  }
}

extension gcpp_limits: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.pixels), place(\Self.decoded_bytes),
      place(\Self.scans), place(\Self.layers), place(\Self.multiply_adds),
      place(\Self.workspace_bytes),
    ]
  }
}
