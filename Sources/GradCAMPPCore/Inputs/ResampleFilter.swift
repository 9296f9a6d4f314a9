import Glibc
import GradCAMPPKernels

/// What a colour of the picture seen is made of when a picture is resized.
public enum ResampleFilter: String, CaseIterable, Sendable {
  /// The four pixels around a point, however large the picture is: `LinearResize`.
  case skimage
  /// A triangle as wide as two pixels of the coarser picture: `SmoothResize`.
  case bilinear
  /// Keys's cubic with a = -1/2, as wide as four.
  case bicubic
  /// Lanczos's windowed sinc of order 3, as wide as six.
  case lanczos

  /// The filter of that name; throws `invalidArgument` with the known names.
  public static func named(_ name: String) throws(GradCAMError) -> ResampleFilter {
    guard let filter = ResampleFilter(rawValue: name) else {
      throw GradCAMError(
        .invalidArgument,
        "resample \(name.quoted) is unknown; expected one of "
          + allCases.map(\.rawValue).joined(separator: ", "))
    }
    return filter
  }

  /// How far from its middle the filter reaches, in pixels of the coarser picture.
  var reach: Double {
    switch self {
    case .skimage, .bilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The weight of a pixel at a distance from the middle.
  ///
  /// Sources: Keys, Cubic convolution interpolation for digital image processing, 1981; Duchon,
  /// Lanczos filtering in one and two dimensions, 1979.
  func weight(_ position: Double) -> Double {
    let distance = abs(position)
    guard distance < reach else { return 0 }
    switch self {
    case .skimage, .bilinear: return 1 - distance
    case .bicubic:
      if distance < 1 { return (1.5 * distance - 2.5) * distance * distance + 1 }
      return (((distance - 5) * distance + 8) * distance - 4) * -0.5
    case .lanczos: return Self.sinc(distance) * Self.sinc(distance / 3)
    }
  }

  private static func sinc(_ position: Double) -> Double {
    position == 0 ? 1 : sin(position * .pi) / (position * .pi)
  }
}
