/// The hot loops of the engine, once per tier of processors.
///
/// A tier is an enum in a module of its own, compiled for its processors; the loops are default
/// methods of this protocol and are compiled again in every tier's module. They must be called
/// through `any KernelSet.Type`: called by concrete type, the caller's module would compile them
/// for its own, baseline processor.
///
/// Tensors are (N, spatial…, C), channels innermost. Work is split by shape alone and every
/// output element is summed in one fixed order, so results do not depend on the thread count.
public protocol KernelSet: Sendable {
  /// The tier's name, as shown to users.
  static var name: String { get }

  /// Whether this processor can run the tier.
  static var isSupported: Bool { get }

  /// What one register holds.
  associatedtype Vector: FloatVector

  /// Rows of the tile of a matrix product that is kept in registers; see
  /// `KernelSet+MatrixProduct.swift`.
  static var tileRows: Int { get }

  /// Lays out convolution weights for `convolve`; see `KernelSet+FilterPacking.swift`.
  static func packFilter(
    _ weights: RawSpan, _ layout: FilterLayout, into packed: inout MutableSpan<Float>)

  /// Convolves, or spreads gradients back; see `KernelSet+Convolution.swift`.
  static func convolve(
    _ source: Span<Float>, _ packed: Span<Float>, _ step: ConvolutionStep, bias: Span<Float>?,
    residual: Span<Float>?, scratch: inout MutableSpan<Float>,
    into result: inout MutableSpan<Float>)

  /// Multiplies by a dense layer's matrix; see `KernelSet+Dense.swift`.
  static func dense(
    _ input: Span<Float>, _ weights: RawSpan, bias: Span<Float>, shape: DenseShape,
    epilogue: Epilogue, residual: Span<Float>?, scratch: inout MutableSpan<Float>,
    into output: inout MutableSpan<Float>)

  /// Spreads gradients back through a dense layer; see `KernelSet+Dense.swift`.
  static func denseGradient(
    _ outputGradient: Span<Float>, _ weights: RawSpan, shape: DenseShape,
    into inputGradient: inout MutableSpan<Float>)

  /// Takes the largest value of each window; see `KernelSet+MaxPooling.swift`.
  static func maxPool(
    _ input: Span<Float>, _ geometry: WindowGeometry, channels: Int,
    into output: inout MutableSpan<Float>)

  /// Gives each window's gradient to its first largest cell; see `KernelSet+MaxPooling.swift`.
  static func maxPoolGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, output: Span<Float>,
    _ geometry: WindowGeometry, channels: Int, into inputGradient: inout MutableSpan<Float>)

  /// Takes the mean of each bin; see `KernelSet+AveragePooling.swift`.
  static func averagePool(
    _ input: Span<Float>, _ bins: AverageBins, into output: inout MutableSpan<Float>)

  /// Spreads gradients over bins; see `KernelSet+AveragePooling.swift`.
  static func averagePoolGradient(
    _ outputGradient: Span<Float>, _ bins: AverageBins,
    into inputGradient: inout MutableSpan<Float>)

  /// Takes the mean of each window; see `KernelSet+AverageWindows.swift`.
  static func averageWindows(
    _ input: Span<Float>, _ windows: AverageWindows, into output: inout MutableSpan<Float>)

  /// Spreads gradients over windows; see `KernelSet+AverageWindows.swift`.
  static func averageWindowsGradient(
    _ outputGradient: Span<Float>, _ windows: AverageWindows,
    into inputGradient: inout MutableSpan<Float>)

  /// Scales and moves each channel; see `KernelSet+ChannelScaling.swift`.
  static func scaleChannels(
    _ memory: Span<Float>, _ parts: Span<ChannelPart>, factors: Span<Float>, offsets: Span<Float>,
    activation: Epilogue.Activation, into result: inout MutableSpan<Float>)

  /// Replaces negative numbers by 0; see `KernelSet+Elementwise.swift`.
  static func rectify(_ input: Span<Float>, into output: inout MutableSpan<Float>)

  /// Passes gradients where the output is positive; see `KernelSet+Elementwise.swift`.
  static func rectifyGradient(
    _ outputGradient: Span<Float>, output: Span<Float>, onlyPositive: Bool,
    into inputGradient: inout MutableSpan<Float>)

  /// Applies a function to each number; see `KernelSet+ElementFunctions.swift`.
  static func apply(
    _ function: ElementFunction, _ input: Span<Float>, into output: inout MutableSpan<Float>)

  /// Multiplies gradients by a function's derivative; see `KernelSet+ElementFunctions.swift`.
  static func applyDerivative(
    _ function: ElementFunction, at numbers: Span<Float>, _ outputGradient: Span<Float>,
    into inputGradient: inout MutableSpan<Float>)

  /// Rectifies with a slope for each channel; see `KernelSet+ChannelSlopes.swift`.
  static func rectifyWithSlopes(
    _ input: Span<Float>, slopes: Span<Float>, into output: inout MutableSpan<Float>)

  /// Spreads gradients back through it; see `KernelSet+ChannelSlopes.swift`.
  static func rectifyWithSlopesGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, slopes: Span<Float>,
    into inputGradient: inout MutableSpan<Float>)

  /// Combines two tensors; see `KernelSet+Arithmetic.swift`.
  static func combine(
    _ function: ArithmeticFunction, _ left: Span<Float>, _ right: Span<Float>,
    _ axes: BroadcastAxes, into output: inout MutableSpan<Float>)

  /// Sums gradients over the axes that an operand is spread over; see `KernelSet+Arithmetic.swift`.
  static func combineGradient(
    _ function: ArithmeticFunction, isLeft: Bool, _ outputGradient: Span<Float>,
    _ left: Span<Float>, _ right: Span<Float>, _ axes: BroadcastAxes,
    into inputGradient: inout MutableSpan<Float>)

  /// Maps the places of an axis to weighted sums of others; see `KernelSet+AxisMaps.swift`.
  static func mapAxis(
    _ input: Span<Float>, _ map: AxisMap, inner: Int, fill: Float,
    into output: inout MutableSpan<Float>)

  /// Moves blocks of cells to channels or back; see `KernelSet+ChannelBlocks.swift`.
  static func moveBlocks(
    _ source: Span<Float>, _ blocks: ChannelBlocks, toLarge: Bool,
    into result: inout MutableSpan<Float>)

  /// Takes the norm of each window; see `KernelSet+PowerWindows.swift`.
  static func powerWindows(
    _ input: Span<Float>, _ geometry: WindowGeometry, channels: Int, power: Int,
    into output: inout MutableSpan<Float>)

  /// Spreads gradients back through norms; see `KernelSet+PowerWindows.swift`.
  static func powerWindowsGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, output: Span<Float>,
    _ geometry: WindowGeometry, channels: Int, power: Int,
    into inputGradient: inout MutableSpan<Float>)

  /// Sums over the cells of each picture; see `KernelSet+ChannelStatistics.swift`.
  static func sumCells(
    _ input: Span<Float>, _ items: ChannelItems, centers: Span<Float>, factors: Span<Float>,
    into sums: inout MutableSpan<Float>)

  /// Mixes two tensors by factors of channels; see `KernelSet+ChannelStatistics.swift`.
  static func mixCells(
    _ numbers: Span<Float>, factors: Span<Float>, _ others: Span<Float>,
    otherFactors: Span<Float>, offsets: Span<Float>, _ items: ChannelItems,
    into result: inout MutableSpan<Float>)

  /// Normalises by neighbouring channels; see `KernelSet+ResponseNormalization.swift`.
  static func normalizeResponses(
    _ input: Span<Float>, _ windows: ResponseWindows, into output: inout MutableSpan<Float>)

  /// Spreads gradients back through it; see `KernelSet+ResponseNormalization.swift`.
  static func normalizeResponsesGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, _ windows: ResponseWindows,
    scratch: inout MutableSpan<Float>, into inputGradient: inout MutableSpan<Float>)

  /// Adds `values` to `sum`; see `KernelSet+Elementwise.swift`.
  static func add(_ values: Span<Float>, to sum: inout MutableSpan<Float>)

  /// Writes zeros; see `KernelSet+Moving.swift`.
  static func clear(_ numbers: inout MutableSpan<Float>)

  /// Copies numbers; see `KernelSet+Moving.swift`.
  static func copy(_ numbers: Span<Float>, into copy: inout MutableSpan<Float>)

  /// Copies each item several times; see `KernelSet+Moving.swift`.
  static func replicate(
    _ items: Span<Float>, itemCount: Int, times: Int, into copies: inout MutableSpan<Float>)

  /// Writes a part of a tensor at its place; see `KernelSet+Moving.swift`.
  static func insert(
    _ part: Span<Float>, _ place: AxisParts.Part, into whole: inout MutableSpan<Float>)

  /// Reads a part of a tensor; see `KernelSet+Moving.swift`.
  static func extract(
    _ whole: Span<Float>, _ place: AxisParts.Part, into part: inout MutableSpan<Float>)

  /// Copies a box of elements from one order of axes to another; see
  /// `KernelSet+StridedCopy.swift`.
  static func copyStrided(
    _ source: Span<Float>, _ axes: StridedAxes, into target: inout MutableSpan<Float>)

  /// Takes places of an axis by their numbers; see `KernelSet+Gathering.swift`.
  static func gather(
    _ input: Span<Float>, _ stretch: AxisStretch, indices: RawSpan,
    into output: inout MutableSpan<Float>)

  /// Adds gradients at the places that were taken; see `KernelSet+Gathering.swift`.
  static func gatherGradient(
    _ outputGradient: Span<Float>, _ stretch: AxisStretch, indices: RawSpan,
    into inputGradient: inout MutableSpan<Float>)

  /// Makes one number of those along an axis; see `KernelSet+Reductions.swift`.
  static func reduce(
    _ function: ReductionFunction, _ input: Span<Float>, _ stretch: AxisStretch,
    into output: inout MutableSpan<Float>)

  /// Spreads gradients over the numbers along an axis; see `KernelSet+Reductions.swift`.
  static func reduceGradient(
    _ function: ReductionFunction, _ outputGradient: Span<Float>, input: Span<Float>,
    output: Span<Float>, _ stretch: AxisStretch, into inputGradient: inout MutableSpan<Float>)

  /// Makes probabilities of the numbers along an axis; see `KernelSet+Softmax.swift`.
  static func softmax(
    _ input: Span<Float>, _ stretch: AxisStretch, isLogarithmic: Bool,
    into output: inout MutableSpan<Float>)

  /// Spreads gradients back through it; see `KernelSet+Softmax.swift`.
  static func softmaxGradient(
    _ outputGradient: Span<Float>, output: Span<Float>, _ stretch: AxisStretch,
    isLogarithmic: Bool, into inputGradient: inout MutableSpan<Float>)

  /// Normalises lines of numbers; see `KernelSet+LineNormalization.swift`.
  static func normalizeLines(
    _ input: Span<Float>, _ normalization: LineNormalization, factors: Span<Float>,
    offsets: Span<Float>, into output: inout MutableSpan<Float>)

  /// Spreads gradients back through it; see `KernelSet+LineNormalization.swift`.
  static func normalizeLinesGradient(
    _ outputGradient: Span<Float>, input: Span<Float>, _ normalization: LineNormalization,
    factors: Span<Float>, into inputGradient: inout MutableSpan<Float>)

  /// Multiplies matrices of two computed operands; see `KernelSet+MatrixBatch.swift`.
  static func multiplyMatrices(
    _ left: Span<Float>, _ right: Span<Float>, _ batch: MatrixBatch,
    scratch: inout MutableSpan<Float>, into result: inout MutableSpan<Float>)

  /// Whether no number is NaN or infinite; see `KernelSet+Elementwise.swift`.
  static func isFinite(_ numbers: RawSpan) -> Bool
}

/// The tier for any processor: no instruction set assumed.
public enum PortableKernels: KernelSet {
  /// Four numbers, multiplied and added in two roundings.
  public typealias Vector = Lanes4

  /// "portable".
  public static let name = "portable"

  /// Always true.
  public static var isSupported: Bool { true }

  /// 6 x 2 accumulators leave 4 registers of 16 for operands.
  @inlinable public static var tileRows: Int { 6 }
}

extension KernelSet {
  /// Columns of the tile of a matrix product that is kept in registers.
  @inlinable @inline(__always)
  static var panelWidth: Int { 2 * Vector.width }
}
