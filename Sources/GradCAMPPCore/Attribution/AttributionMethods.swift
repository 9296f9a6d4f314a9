import GradCAMPPKernels

/// The methods that can be asked for by name.
public enum AttributionMethods {
  /// Every method, the default first.
  public static let all: [any AttributionMethod.Type] = [
    GradCAMPlusPlus.self,
    GradCAM.self,
    GradCAMPlusPlusPaper.self,
    GradCAMPlus.self,
    HiResCAM.self,
    ElementwiseCAM.self,
    XGradCAM.self,
    LayerCAM.self,
    EigenCAM.self,
    EigenGradCAM.self,
    SmoothGradCAMPlusPlus.self,
    ScoreCAM.self,
    SSCAM.self,
    ISCAM.self,
    RISE.self,
    Occlusion.self,
    PixelGradient.self,
    GuidedBackpropagation.self,
    Deconvnet.self,
    SmoothGrad.self,
    IntegratedGradients.self,
    PyTorchGradCAMDialect.self,
    TFKerasVisDialect.self,
    MONAIDialect.self,
    TorchCAMDialect.self,
  ]

  /// The method used when none is named.
  public static var standard: any AttributionMethod.Type { all[0] }

  /// The method of that name; throws `invalidArgument` with the known names.
  public static func named(_ name: String) throws(GradCAMError) -> any AttributionMethod.Type {
    for method in all where method.name == name { return method }
    throw GradCAMError(
      .invalidArgument,
      "method \(name.quoted) is unknown; known methods: "
        + all.map { $0.name }.joined(separator: ", "))
  }

  /// The method of that name with options; throws `invalidArgument` when either is unknown.
  public static func named(
    _ name: String, options: [String: Double]
  ) throws(GradCAMError) -> any AttributionMethod {
    let method = try named(name)
    return try method.init(MethodOptions(options, for: method))
  }
}
