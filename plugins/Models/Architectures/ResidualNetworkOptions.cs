using System.ComponentModel;

namespace Orchestrator.Models;

/// <summary>Options of the residual networks.</summary>
public sealed record ResidualNetworkOptions(
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null);
