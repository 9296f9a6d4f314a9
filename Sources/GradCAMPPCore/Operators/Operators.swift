/// The operations that networks are made of.
public enum Operators {
  /// Every operator.
  public static let all: [any Operator.Type] = [
    Convolution.self,
    Dense.self,
    MaxPooling.self,
    AveragePooling.self,
    AdaptiveAveragePooling.self,
    ChannelAffine.self,
    ReLU.self,
    PReLU.self,
    ElementActivation.self,
    Addition.self,
    Arithmetic.self,
    Concatenation.self,
    Split.self,
    Flatten.self,
    Reshaping.self,
    Transposition.self,
    Slicing.self,
    Gathering.self,
    Tiling.self,
    Reduction.self,
    Softmax.self,
    LayerNormalization.self,
    MatrixProduct.self,
  ]
}
