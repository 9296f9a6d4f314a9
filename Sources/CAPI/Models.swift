// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import GradCAMPPCore
import GradCAMPPKernels

@_cdecl("gcpp_model_open") @implementation
public func gcpp_model_open(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ path: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_model_open_with(out, path, nil, error)
}

@_cdecl("gcpp_model_open_with") @implementation
public func gcpp_model_open_with(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ path: UnsafePointer<CChar>?,
  _ given: UnsafePointer<gcpp_model_options>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let given = try options(given, default: gcpp_model_options(), "options")
    let model = try Model(path: text(path, "path"), modelOptions(given))
    out.pointee = retainedHandle(ModelHandle(model))
  }
}

@_cdecl("gcpp_model_open_arrays") @implementation
public func gcpp_model_open_arrays(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ arrays: UnsafePointer<gcpp_array>?,
  _ count: Int, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_model_open_arrays_with(out, arrays, count, nil, error)
}

@_cdecl("gcpp_model_open_arrays_with") @implementation
public func gcpp_model_open_arrays_with(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ arrays: UnsafePointer<gcpp_array>?,
  _ count: Int, _ given: UnsafePointer<gcpp_model_options>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let given = try options(given, default: gcpp_model_options(), "options")
    let model = try Model(store(arrays, count, given), modelOptions(given))
    out.pointee = retainedHandle(ModelHandle(model))
  }
}

/// The arrays of a caller, which stay where they are.
func store(
  _ arrays: UnsafePointer<gcpp_array>?, _ count: Int, _ given: gcpp_model_options
) throws(GradCAMError) -> WeightStore {
  var entries: [(name: String, array: WeightArray)] = []
  let count = try size(count, "count")
  if count > 0 {
    let arrays = try required(arrays, "arrays")
    for index in 0..<count { entries.append(try entry(arrays[index])) }
  }
  return try WeightStore(
    origin: text(given.source, "options.source", default: "the mapping"), entries)
}

/// What the caller says about a model.
func modelOptions(_ given: gcpp_model_options) throws(GradCAMError) -> ModelOptions {
  var options = ModelOptions(
    normalization: try normalization(given), framing: try framing(given), mode: try mode(given),
    limits: try limits(given.limits), inputSize: try inputSize(given),
    activation: try activation(given), epsilon: try epsilon(given),
    configuration: given.configuration == nil
      ? nil : try text(given.configuration, "options.configuration"))
  if given.output != nil { options.output = try text(given.output, "options.output") }
  options.inputs = try givenInputs(given.inputs, given.input_count)
  options.tokens = try given.tokens.map { tokens throws(GradCAMError) in
    guard (0...1 << 20).contains(tokens.pointee) else {
      throw GradCAMError(
        .invalidArgument,
        "options.tokens is \(UInt(bitPattern: tokens.pointee)); expected 0 to 2^20")
    }
    return tokens.pointee
  }
  return options
}

/// How much of a picture the caller wants seen, and how it is resized.
private func framing(_ given: gcpp_model_options) throws(GradCAMError) -> Framing {
  let standard = Framing()
  let crop = try text(given.crop, "options.crop", default: standard.crop.rawValue)
  let filter = try text(given.resample, "options.resample", default: standard.filter.rawValue)
  return try Framing(
    crop: Crop.named(crop), fraction: given.crop_fraction == 0 ? 1 : given.crop_fraction,
    resizesFirst: given.resize_first != 0, filter: ResampleFilter.named(filter))
}

/// Extents of the input that the caller wants; nil for what the weights say.
private func inputSize(_ given: gcpp_model_options) throws(GradCAMError) -> [Int]? {
  let extents = [given.input_height, given.input_width]
  if extents == [0, 0] { return nil }
  guard extents.allSatisfy({ (1...1 << 20).contains($0) }) else {
    throw GradCAMError(
      .invalidArgument,
      "options has an input of \(UInt(bitPattern: extents[0])) x \(UInt(bitPattern: extents[1])); "
        + "expected 1 to 2^20 rows and columns")
  }
  return extents
}

/// What the caller says made probabilities of the logits.
private func activation(
  _ given: gcpp_model_options
) throws(GradCAMError) -> OutputKind.Probabilities? {
  guard given.activation != nil else { return nil }
  let name = try text(given.activation, "options.activation")
  guard let activation = OutputKind.Probabilities(rawValue: name) else {
    throw GradCAMError(
      .invalidArgument,
      "activation \(name.quoted) is unknown; expected softmax or sigmoid")
  }
  return activation
}

/// The epsilon of batch normalisations that the caller wants.
private func epsilon(_ given: gcpp_model_options) throws(GradCAMError) -> Double? {
  if given.epsilon == 0 { return nil }
  guard given.epsilon.isFinite, given.epsilon > 0 else {
    throw GradCAMError(
      .invalidArgument, "epsilon is \(given.epsilon); expected a finite number above 0")
  }
  return given.epsilon
}

/// How the caller wants colours to go in; nil for the default.
private func normalization(_ given: gcpp_model_options) throws(GradCAMError) -> Normalization? {
  let mean = [given.mean.0, given.mean.1, given.mean.2]
  let deviation = [given.deviation.0, given.deviation.1, given.deviation.2]
  let hasNumbers = given.scale != 0 || (mean + deviation).contains { $0 != 0 }
  guard let order = given.channel_order else {
    guard !hasNumbers else {
      throw GradCAMError(
        .invalidArgument, "options has a scale, mean or deviation without a channel_order")
    }
    guard given.preprocessing != nil else { return nil }
    return try NamedNormalizations.named(text(given.preprocessing, "options.preprocessing"))
  }
  guard given.preprocessing == nil else {
    throw GradCAMError(
      .invalidArgument, "options has both a preprocessing and a channel_order; expected one")
  }
  return try Normalization(
    checkingChannelOrder: text(order, "options.channel_order"),
    scale: given.scale == 0 ? 1 : given.scale, mean: mean,
    deviation: deviation == [0, 0, 0] ? [1, 1, 1] : deviation, origin: "options")
}

/// How the caller wants a file to come into memory.
private func mode(_ given: gcpp_model_options) throws(GradCAMError) -> MappedFile.Mode {
  switch given.mapping {
  case GCPP_MAPPED: return .mapped
  case GCPP_COPIED: return .copied
  default:
    throw GradCAMError(
      .invalidArgument, "options.mapping is \(given.mapping.rawValue); expected a gcpp_mapping")
  }
}

/// A caller's array of weights, which stays where it is.
func entry(
  _ array: gcpp_array
) throws(GradCAMError) -> (name: String, array: WeightArray) {
  let name = try text(array.name, "the name of an array")
  let data = try required(array.data, "the data of \(name.quoted)")
  let width: FloatFormat.Width
  switch array.dtype {
  case GCPP_FLOAT16: width = .half
  case GCPP_FLOAT32: width = .single
  case GCPP_FLOAT64: width = .double
  default:
    throw GradCAMError(
      .invalidArgument, "\(name.quoted) has dtype \(array.dtype.rawValue); expected a gcpp_dtype")
  }
  let shape = try shape(
    array.shape, rank: array.rank, elementSize: width.byteCount, "the array \(name.quoted)")
  let memory = BorrowedMemory(base: data, count: shape.count * width.byteCount)
  return (name, try WeightArray(memory, FloatFormat(width), shape: shape))
}

@_cdecl("gcpp_model_verify") @implementation
public func gcpp_model_verify(
  _ model: OpaquePointer?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  attempt(error) { () throws(GradCAMError) in
    try object(model, ModelHandle.self, "model").model.verify()
  }
}

@_cdecl("gcpp_model_free") @implementation
public func gcpp_model_free(_ model: OpaquePointer?) {
  release(model, ModelHandle.self)
}

@_cdecl("gcpp_model_info") @implementation
public func gcpp_model_info(
  _ out: UnsafeMutablePointer<gcpp_model_description>?, _ model: OpaquePointer?
) -> gcpp_status {
  attempt(nil) { () throws(GradCAMError) in
    try fill(out, with: gcpp_model_description(), "out")
    let handle = try object(model, ModelHandle.self, "model")
    let input = handle.model.loaded.network.inputShape
    var description = gcpp_model_description()
    description.architecture = handle.architecture.pointer
    description.default_layer = handle.defaultLayer.pointer
    description.class_count = handle.model.classCount
    description.input_height = input[1]
    description.input_width = input[2]
    description.input_channels = input.channels
    let colors = handle.model.loaded.preprocessing.normalization
    description.channel_order = handle.channelOrder.pointer
    description.scale = colors.scale
    description.mean = (colors.mean[0], colors.mean[1], colors.mean[2])
    description.deviation = (colors.deviation[0], colors.deviation[1], colors.deviation[2])
    description.crop = handle.crop.pointer
    let framing = handle.model.loaded.preprocessing.framing
    description.crop_fraction = framing.fraction
    description.resample = handle.resample.pointer
    description.resize_first = framing.resizesFirst ? 1 : 0
    description.borrows = handle.model.loaded.weights.borrows ? 1 : 0
    let output = handle.model.loaded.network.outputShape
    description.output = handle.output.pointer
    description.probabilities = handle.probabilities.pointer
    description.output_rank = output.rank
    description.output_shape = fourExtents(output)
    try fill(out, with: description, "out")
  }
}

@_cdecl("gcpp_model_note_count") @implementation
public func gcpp_model_note_count(_ model: OpaquePointer?) -> Int {
  objectIfAny(model, ModelHandle.self)?.notes.count ?? 0
}

@_cdecl("gcpp_model_note") @implementation
public func gcpp_model_note(_ model: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
  guard let notes = objectIfAny(model, ModelHandle.self)?.notes, notes.indices.contains(index)
  else { return nil }
  return notes[index].pointer
}

@_cdecl("gcpp_layer_count") @implementation
public func gcpp_layer_count(_ model: OpaquePointer?) -> Int {
  objectIfAny(model, ModelHandle.self)?.layers.count ?? 0
}

@_cdecl("gcpp_layer_info") @implementation
public func gcpp_layer_info(
  _ out: UnsafeMutablePointer<gcpp_layer_description>?, _ model: OpaquePointer?, _ index: Int
) -> gcpp_status {
  attempt(nil) { () throws(GradCAMError) in
    try fill(out, with: gcpp_layer_description(), "out")
    let handle = try object(model, ModelHandle.self, "model")
    guard handle.layers.indices.contains(index) else {
      throw GradCAMError(.invalidArgument, "layer index \(index) is out of range")
    }
    let layer = handle.model.loaded.layers[index]
    var description = gcpp_layer_description()
    description.name = handle.layers[index].name.pointer
    description.kind = handle.layers[index].kind.pointer
    description.rank = layer.shape.rank
    description.shape = fourExtents(layer.shape)
    try fill(out, with: description, "out")
  }
}
