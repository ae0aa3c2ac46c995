using System.ComponentModel;

namespace Orchestrator.Models.TorchSharp;

/// <summary>Where libtorch computes.</summary>
public sealed record TorchOptions(
    [Description("cpu, or cuda:N for the N-th CUDA device, with a libtorch that has CUDA.")] string Device = "cpu");
