using System.Text.Json.Serialization;

namespace Orchestrator.Models;

/// <summary>One layer of a <c>sequential</c> model.</summary>
[JsonDerivedType(typeof(Conv2dOptions), "conv2d")]
[JsonDerivedType(typeof(LinearOptions), "linear")]
[JsonDerivedType(typeof(ReluOptions), "relu")]
[JsonDerivedType(typeof(TanhOptions), "tanh")]
[JsonDerivedType(typeof(MaxPoolOptions), "max-pool")]
[JsonDerivedType(typeof(FlattenOptions), "flatten")]
public abstract record LayerOptions;
