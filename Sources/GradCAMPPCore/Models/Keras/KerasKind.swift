/// What a layer of Keras that can be named is listed as.
enum KerasKind: String {
  case convolution
  case dense
  case maxPooling = "max pooling"
  case averagePooling = "average pooling"
  case addition
  case subtraction
  case multiplication
  case average
  case maximum
  case minimum
  case concatenation
  case activation
  /// Not listed: it is mostly the tensor of the layer before, or a step to the next.
  case normalisation

  /// Whether its tensor is what is explained by default, if all evidence passes through it: pools
  /// only make it coarser.
  var isEvidence: Bool {
    switch self {
    case .dense, .maxPooling, .averagePooling, .normalisation: false
    default: true
    }
  }
}
