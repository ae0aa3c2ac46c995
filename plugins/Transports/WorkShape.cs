using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>Work is checked where it enters a transport.</summary>
internal static class WorkShape
{
    public static void Check(in Work work, LinkTerms terms)
    {
        if (work.Sent.Length != terms.SentLength)
        {
            throw new ArgumentException($"Ticket {work.Ticket} sends {work.Sent.Length} floats; the link was opened for {terms.SentLength}.", nameof(work));
        }

        if ((work.State?.Length ?? 0) != terms.StateLength)
        {
            throw new ArgumentException($"Ticket {work.Ticket} brings a state of {work.State?.Length ?? 0} floats; the link was opened for {terms.StateLength}.", nameof(work));
        }
    }
}
