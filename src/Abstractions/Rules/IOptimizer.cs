namespace Orchestrator.Abstractions;

/// <summary>
/// The server's update rule. Called by one thread. An element-wise rule is called once per tile of
/// an update, in ascending order of <see cref="Update.Offset"/>, with the same
/// <see cref="Update.Version"/>; it must treat each element by itself, so that tiles and server
/// shards change no bit. Count updates by <see cref="Update.Version"/>, never by calls.
/// </summary>
public interface IOptimizer
{
    /// <summary>
    /// Whether each element is treated by itself. If not, every call brings whole vectors.
    /// </summary>
    bool ElementWise => true;

    /// <summary>
    /// Whether it keeps state for each worker, so that a mean over workers cannot be fed to it.
    /// </summary>
    bool PerWorker => false;

    /// <summary>
    /// Whether workers are sent the parameters themselves; if not, <see cref="Send"/> makes what is
    /// sent.
    /// </summary>
    bool SendsParameters => true;

    /// <summary>What it takes: gradients, or the workers' own parameters.</summary>
    Payload Accepts => Payload.Gradient;

    /// <summary>Called once, before anything else.</summary>
    void Attach(RuleContext context);

    /// <summary>
    /// What a worker is sent, where that is not the parameters themselves (look-ahead rules).
    /// Changes no state.
    /// </summary>
    /// <param name="pull">To whom, and which tile.</param>
    /// <param name="parameters">The server's parameters (the tile).</param>
    /// <param name="sent">What is sent; overwritten.</param>
    void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent) => parameters.CopyTo(sent);

    /// <summary>Changes the parameters by one update. Allocates nothing.</summary>
    /// <param name="update">Which update, and which tile.</param>
    /// <param name="gradient">The corrected push, or the mean of several (the tile).</param>
    /// <param name="parameters">The server's parameters (the tile); changed in place.</param>
    void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters);

    /// <summary>
    /// The velocity that the update just applied moved the parameters along, for corrections that
    /// watch it; without momentum the gradient.
    /// </summary>
    ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => gradient;
}
