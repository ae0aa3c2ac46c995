using System.Text.Json.Serialization;

namespace Orchestrator.Networks;

/// <summary>
/// One layer as a pipeline writes it, before it is fitted to what comes before it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Conv2dOptions), "conv2d")]
[JsonDerivedType(typeof(LinearOptions), "linear")]
[JsonDerivedType(typeof(ReluOptions), "relu")]
[JsonDerivedType(typeof(TanhOptions), "tanh")]
[JsonDerivedType(typeof(MaxPoolOptions), "max-pool")]
[JsonDerivedType(typeof(AveragePoolOptions), "average-pool")]
[JsonDerivedType(typeof(GlobalAveragePoolOptions), "global-average-pool")]
[JsonDerivedType(typeof(BatchNormOptions), "batch-norm")]
[JsonDerivedType(typeof(DropoutOptions), "dropout")]
[JsonDerivedType(typeof(FlattenOptions), "flatten")]
[JsonDerivedType(typeof(PadChannelsOptions), "pad-channels")]
[JsonDerivedType(typeof(ResidualOptions), "residual")]
[JsonDerivedType(typeof(ConcatOptions), "concat")]
[JsonDerivedType(typeof(SequentialOptions), "sequential")]
public abstract record LayerOptions;
