namespace Orchestrator.Abstractions;

/// <summary>What becomes of an arriving push.</summary>
public enum Disposition
{
    /// <summary>
    /// It and all buffered pushes become one update now: their mean, summed in worker order.
    /// </summary>
    Apply,

    /// <summary>It is held for a later update.</summary>
    Buffer,

    /// <summary>It is discarded.</summary>
    Drop,
}

/// <summary>A consistency model's answer; one object, reused.</summary>
public sealed class Decision
{
    private readonly List<int> released = [];
    private readonly List<int> cancelled = [];

    /// <summary>What becomes of the push.</summary>
    public Disposition Disposition { get; private set; }

    /// <summary>
    /// Workers to send parameters to (after the update, if there is one), in this order.
    /// </summary>
    public IReadOnlyList<int> Released => released;

    /// <summary>
    /// Workers whose work in flight is to end without a push. They compute again when released.
    /// </summary>
    public IReadOnlyList<int> Cancelled => cancelled;

    /// <summary>
    /// On <see cref="IConsistency.Left"/> only: make an update of the buffered pushes now.
    /// </summary>
    public bool AppliesBuffered { get; private set; }

    /// <summary>Whether a disposition was chosen since <see cref="Reset"/>.</summary>
    public bool IsMade { get; private set; }

    /// <summary>
    /// The push and all buffered ones become one update now: their mean, summed in worker order.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something else was chosen for this
    /// push.</exception>
    public Decision Apply() => Choose(Disposition.Apply);

    /// <summary>The push is held for a later update.</summary>
    /// <exception cref="InvalidOperationException">Something else was chosen for this
    /// push.</exception>
    public Decision Buffer() => Choose(Disposition.Buffer);

    /// <summary>The push is discarded.</summary>
    /// <exception cref="InvalidOperationException">Something else was chosen for this
    /// push.</exception>
    public Decision Drop() => Choose(Disposition.Drop);

    /// <summary>
    /// On <see cref="IConsistency.Left"/> only: the buffered pushes become one update now.
    /// </summary>
    public Decision ApplyBuffered()
    {
        AppliesBuffered = true;
        return this;
    }

    /// <summary>
    /// Sends a worker parameters, after the update if there is one, in the order of the calls.
    /// </summary>
    /// <param name="worker">A worker that waits, or whose push this is.</param>
    public Decision Release(int worker)
    {
        released.Add(worker);
        return this;
    }

    /// <summary>
    /// Ends a worker's work in flight without a push; the worker computes again when released.
    /// </summary>
    /// <param name="worker">A worker that computes.</param>
    public Decision Cancel(int worker)
    {
        cancelled.Add(worker);
        return this;
    }

    /// <summary>Forgets everything; the engine calls it before each question.</summary>
    public void Reset()
    {
        released.Clear();
        cancelled.Clear();
        Disposition = default;
        AppliesBuffered = IsMade = false;
    }

    private Decision Choose(Disposition disposition)
    {
        if (IsMade)
        {
            throw new InvalidOperationException($"The consistency model chose both {Disposition} and {disposition} for one push.");
        }

        (Disposition, IsMade) = (disposition, true);
        return this;
    }
}
