/// The operations that networks are made of.
public enum Operators {
  /// Every operator.
  public static let all: [any Operator.Type] = [
    Convolution.self,
    TransposedConvolution.self,
    Dense.self,
    MaxPooling.self,
    AveragePooling.self,
    AdaptiveAveragePooling.self,
    PowerPooling.self,
    ChannelAffine.self,
    GroupNormalization.self,
    ResponseNormalization.self,
    ReLU.self,
    PReLU.self,
    ElementActivation.self,
    Addition.self,
    Arithmetic.self,
    AxisResampling.self,
    BlockRearrangement.self,
    Concatenation.self,
    Split.self,
    Flatten.self,
    Reshaping.self,
  ]
}
