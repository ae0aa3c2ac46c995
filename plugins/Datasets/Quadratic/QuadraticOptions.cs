using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Datasets;

/// <summary>Options of <c>quadratic</c>.</summary>
public sealed record QuadraticOptions(
    [Description("Nominal training samples: they only say how many updates make an epoch.")]
    [Range(1, 1_000_000_000)] int Samples = 1024);
