// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernelDispatch
import GradCAMPPKernels

private typealias Entry = (name: BorrowedText, summary: BorrowedText, citation: BorrowedText)

private let version = BorrowedText(GCPP_VERSION_STRING)
private let kernels = BorrowedText(KernelDispatch.active.name)
private let methods: [Entry] = AttributionMethods.all.map {
  (BorrowedText($0.name), BorrowedText($0.summary), BorrowedText($0.citation))
}
private let colorMaps: [Entry] = ColorMaps.all.map {
  (BorrowedText($0.name), BorrowedText($0.summary), BorrowedText($0.citation))
}

private let preprocessings: [Entry] = NamedNormalizations.all.map {
  (BorrowedText($0.name), BorrowedText($0.summary), BorrowedText($0.citation))
}

private let targets: [Entry] = Targets.all.map {
  (BorrowedText($0.name), BorrowedText($0.summary), BorrowedText(""))
}

private let options: [[Entry]] = AttributionMethods.all.map {
  $0.options.map {
    (BorrowedText($0.name), BorrowedText($0.summary), BorrowedText($0.kind.rawValue))
  }
}

private func describe(
  _ entries: [Entry], _ index: Int, _ out: UnsafeMutablePointer<gcpp_description>?
) -> gcpp_status {
  attempt(nil) { () throws(GradCAMError) in
    try fill(out, with: gcpp_description(), "out")
    guard entries.indices.contains(index) else {
      throw GradCAMError(.invalidArgument, "index \(index) is out of range")
    }
    var description = gcpp_description()
    description.name = entries[index].name.pointer
    description.summary = entries[index].summary.pointer
    description.citation = entries[index].citation.pointer
    try fill(out, with: description, "out")
  }
}

@_cdecl("gcpp_version") @implementation
public func gcpp_version() -> UnsafePointer<CChar>? { version.pointer }

@_cdecl("gcpp_kernels") @implementation
public func gcpp_kernels() -> UnsafePointer<CChar>? { kernels.pointer }

@_cdecl("gcpp_method_count") @implementation
public func gcpp_method_count() -> Int { methods.count }

@_cdecl("gcpp_method_info") @implementation
public func gcpp_method_info(
  _ out: UnsafeMutablePointer<gcpp_description>?, _ index: Int
) -> gcpp_status {
  describe(methods, index, out)
}

@_cdecl("gcpp_method_needs_info") @implementation
public func gcpp_method_needs_info(
  _ out: UnsafeMutablePointer<gcpp_method_needs>?, _ method: Int
) -> gcpp_status {
  attempt(nil) { () throws(GradCAMError) in
    try fill(out, with: gcpp_method_needs(), "out")
    guard methods.indices.contains(method) else {
      throw GradCAMError(.invalidArgument, "method index \(method) is out of range")
    }
    let known = AttributionMethods.all[method].needs
    var needs = gcpp_method_needs()
    needs.several_layers = known.layers == .several ? 1 : 0
    needs.gradients = known.gradients ? 1 : 0
    needs.scoring = known.scoring ? 1 : 0
    needs.input = known.layers == .input ? 1 : 0
    needs.repeats = known.repeats ? 1 : 0
    try fill(out, with: needs, "out")
  }
}

@_cdecl("gcpp_method_option_count") @implementation
public func gcpp_method_option_count(_ method: Int) -> Int {
  options.indices.contains(method) ? options[method].count : 0
}

@_cdecl("gcpp_method_option_info") @implementation
public func gcpp_method_option_info(
  _ out: UnsafeMutablePointer<gcpp_option_description>?, _ method: Int, _ index: Int
) -> gcpp_status {
  attempt(nil) { () throws(GradCAMError) in
    try fill(out, with: gcpp_option_description(), "out")
    guard options.indices.contains(method), options[method].indices.contains(index) else {
      throw GradCAMError(
        .invalidArgument, "option index \(index) of method \(method) is out of range")
    }
    let option = AttributionMethods.all[method].options[index]
    var description = gcpp_option_description()
    description.name = options[method][index].name.pointer
    description.summary = options[method][index].summary.pointer
    description.kind = options[method][index].citation.pointer
    description.standard_value = option.standard
    description.least = option.range.lowerBound
    description.most = option.range.upperBound
    try fill(out, with: description, "out")
  }
}

@_cdecl("gcpp_target_count") @implementation
public func gcpp_target_count() -> Int { targets.count }

@_cdecl("gcpp_target_info") @implementation
public func gcpp_target_info(
  _ out: UnsafeMutablePointer<gcpp_description>?, _ index: Int
) -> gcpp_status {
  describe(targets, index, out)
}

@_cdecl("gcpp_colormap_count") @implementation
public func gcpp_colormap_count() -> Int { colorMaps.count }

@_cdecl("gcpp_colormap_info") @implementation
public func gcpp_colormap_info(
  _ out: UnsafeMutablePointer<gcpp_description>?, _ index: Int
) -> gcpp_status {
  describe(colorMaps, index, out)
}

@_cdecl("gcpp_preprocessing_count") @implementation
public func gcpp_preprocessing_count() -> Int { preprocessings.count }

@_cdecl("gcpp_preprocessing_info") @implementation
public func gcpp_preprocessing_info(
  _ out: UnsafeMutablePointer<gcpp_description>?, _ index: Int
) -> gcpp_status {
  describe(preprocessings, index, out)
}

@_cdecl("gcpp_colormap_table") @implementation
public func gcpp_colormap_table(
  _ out: UnsafeMutablePointer<UInt8>?, _ name: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let colorMap = try ColorMaps.named(text(name, "name", default: ColorMaps.standard.name))
    for (index, color) in colorMap.entries.enumerated() {
      out[3 * index] = color.x
      out[3 * index + 1] = color.y
      out[3 * index + 2] = color.z
    }
  }
}

@_cdecl("gcpp_set_threads") @implementation
public func gcpp_set_threads(
  _ count: Int, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  attempt(error) { () throws(GradCAMError) in
    guard count >= 0 else {
      throw GradCAMError(
        .invalidArgument,
        "count is \(UInt(bitPattern: count)); expected a number of threads, or 0 for the default")
    }
    ThreadPool.shared.setThreadCount(count == 0 ? nil : count)
  }
}

@_cdecl("gcpp_threads") @implementation
public func gcpp_threads() -> Int { ThreadPool.shared.threadCount }
