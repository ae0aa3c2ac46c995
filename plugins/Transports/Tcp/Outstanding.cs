using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// What a host may answer for: set where work is handed out, asked where answers are read.
/// </summary>
internal sealed class Outstanding(int slots)
{
    private readonly long[] tickets = new long[slots];
    private readonly long[] gradients = new long[slots];
    private readonly int[] workers = new int[slots];

    public void Expect(int slot, in Work work)
    {
        (workers[slot], gradients[slot]) = (work.Worker, work.Gradient);
        Volatile.Write(ref tickets[slot], work.Ticket);
    }

    /// <exception cref="ProtocolException">The host does not hold this work.</exception>
    public void Check(in Frame answer)
    {
        if (answer.Slot >= slots || answer.Ticket <= 0 || Volatile.Read(ref tickets[answer.Slot]) != answer.Ticket)
        {
            throw new ProtocolException("it answered for work that it does not hold");
        }

        if (workers[answer.Slot] != answer.Worker || gradients[answer.Slot] != answer.Gradient)
        {
            throw new ProtocolException("it answered for another worker or another push than its work was for");
        }
    }

    public void Clear(int slot) => Volatile.Write(ref tickets[slot], 0);
}
