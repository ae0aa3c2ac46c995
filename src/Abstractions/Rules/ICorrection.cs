namespace Orchestrator.Abstractions;

/// <summary>
/// Changes an arriving gradient for its staleness, before the optimizer. Called by one thread, tile
/// by tile as <see cref="IOptimizer"/> is.
/// </summary>
public interface ICorrection
{
    /// <summary>
    /// Whether each element is treated by itself. If not, every call brings whole vectors.
    /// </summary>
    bool ElementWise => true;

    /// <summary>
    /// Whether <c>reference</c> is what the optimizer would send this worker now (its look-ahead)
    /// instead of the server's parameters.
    /// </summary>
    bool ComparesLookAhead => false;

    /// <summary>Called once, before anything else.</summary>
    void Attach(RuleContext context);

    /// <summary>Corrects a gradient in place. Allocates nothing.</summary>
    /// <param name="push">Whose, how stale, computed on what.</param>
    /// <param name="reference">The server's parameters at arrival, or the optimizer's look-ahead
    /// (the tile).</param>
    /// <param name="gradient">The gradient with weight decay and earlier corrections in it (the
    /// tile); changed in place.</param>
    void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient);

    /// <summary>Tells of an update just applied.</summary>
    /// <param name="update">Which update, and which tile.</param>
    /// <param name="velocity">The optimizer's velocity (the tile).</param>
    void Applied(in Update update, ReadOnlySpan<float> velocity)
    {
    }
}
