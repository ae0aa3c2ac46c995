namespace Orchestrator.Runs;

/// <summary>
/// Asks the runs of a process for a checkpoint as of their last arrival, whatever their rule says;
/// they go on afterwards. From any thread.
/// </summary>
public sealed class CheckpointRequests
{
    private readonly Lock gate = new();
    private readonly List<Action> runs = [];

    /// <summary>
    /// Returns when the checkpoints are written; does nothing where no run trains.
    /// </summary>
    public void Request()
    {
        Action[] asked;
        lock (gate)
        {
            asked = [.. runs];
        }

        foreach (var write in asked)
        {
            write();
        }
    }

    /// <summary>A run answers until what is returned is disposed of.</summary>
    /// <param name="write">Writes a checkpoint; throws nothing.</param>
    internal IDisposable Answer(Action write)
    {
        lock (gate)
        {
            runs.Add(write);
        }

        return new Answered(this, write);
    }

    private sealed class Answered(CheckpointRequests requests, Action write) : IDisposable
    {
        public void Dispose()
        {
            lock (requests.gate)
            {
                requests.runs.Remove(write);
            }
        }
    }
}
