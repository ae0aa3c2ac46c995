namespace Orchestrator.Abstractions;

/// <summary>What a rule is told once, before its first call.</summary>
/// <param name="Layout">The model's parameters; k = <c>Layout.Length</c>.</param>
/// <param name="Workers">N.</param>
/// <param name="State">Where the rule keeps what it remembers.</param>
public sealed record RuleContext(ParameterLayout Layout, int Workers, RuleState State);

/// <summary>What a push holds.</summary>
public enum Payload
{
    /// <summary>
    /// A gradient (or a sum or compression of gradients), in the scale of a gradient.
    /// </summary>
    Gradient,

    /// <summary>The worker's own parameters after local steps.</summary>
    Parameters,
}
