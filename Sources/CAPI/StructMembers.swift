import CGradCAMPP

// The members of each struct. Tests/C/filled_structs.c and read_structs.c try every size of every
// struct, so that a member which is missing here is noticed.

extension gcpp_model_options: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.preprocessing), place(\Self.channel_order),
      place(\Self.scale), place(\Self.mean), place(\Self.deviation), place(\Self.source),
      place(\Self.crop), place(\Self.limits), place(\Self.mapping), place(\Self.input_height),
      place(\Self.input_width), place(\Self.activation), place(\Self.epsilon),
      place(\Self.configuration), place(\Self.crop_fraction), place(\Self.resample),
      place(\Self.resize_first), place(\Self.output), place(\Self.inputs),
      place(\Self.input_count), place(\Self.tokens),
    ]
  }
}

extension gcpp_explain_options: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.method), place(\Self.layer), place(\Self.targets),
      place(\Self.target_count), place(\Self.guided), place(\Self.top),
      place(\Self.target_list), place(\Self.target_list_count), place(\Self.layers),
      place(\Self.layer_count), place(\Self.method_options), place(\Self.method_option_count),
      place(\Self.cancel),
    ]
  }
}

extension gcpp_render_options: SizedStruct {
  static var members: [Range<Int>] {
    [place(\Self.struct_size), place(\Self.colormap), place(\Self.alpha)]
  }
}

extension gcpp_explanation_parts: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.method), place(\Self.layer), place(\Self.target),
      place(\Self.predictions), place(\Self.prediction_count), place(\Self.heatmap),
      place(\Self.cam), place(\Self.channel_weights), place(\Self.guided), place(\Self.seen),
      place(\Self.height), place(\Self.width), place(\Self.scale), place(\Self.source),
      place(\Self.target_kind), place(\Self.score),
    ]
  }
}

extension gcpp_model_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.architecture), place(\Self.default_layer),
      place(\Self.class_count), place(\Self.input_height), place(\Self.input_width),
      place(\Self.input_channels), place(\Self.channel_order), place(\Self.scale),
      place(\Self.mean), place(\Self.deviation), place(\Self.borrows), place(\Self.crop),
      place(\Self.output), place(\Self.probabilities), place(\Self.output_rank),
      place(\Self.output_shape), place(\Self.crop_fraction), place(\Self.resample),
      place(\Self.resize_first),
    ]
  }
}

extension gcpp_layer_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.name), place(\Self.kind), place(\Self.rank),
      place(\Self.shape),
    ]
  }
}

extension gcpp_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.name), place(\Self.summary), place(\Self.citation),
    ]
  }
}

extension gcpp_target: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.kind), place(\Self.classes),
      place(\Self.class_count), place(\Self.others), place(\Self.other_count),
      place(\Self.weights), place(\Self.weight_count),
    ]
  }
}

extension gcpp_scoring: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.pictures), place(\Self.image), place(\Self.masks),
      place(\Self.background), place(\Self.count), place(\Self.targets),
      place(\Self.target_count), place(\Self.cancel),
    ]
  }
}

extension gcpp_method_needs: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.several_layers), place(\Self.gradients),
      place(\Self.scoring), place(\Self.input), place(\Self.repeats),
    ]
  }
}

extension gcpp_option_description: SizedStruct {
  static var members: [Range<Int>] {
    [
      place(\Self.struct_size), place(\Self.name), place(\Self.summary), place(\Self.kind),
      place(\Self.standard_value), place(\Self.least), place(\Self.most),
    ]
  }
}
