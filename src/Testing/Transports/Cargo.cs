using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>Work whose result can be checked: every value follows from the ticket.</summary>
internal static class Cargo
{
    public static Work Make(IServerEnd server, LinkTerms terms, long ticket, long sentNumber)
    {
        var sent = server.CreateSent(terms.SentLength);
        Fill(sent.Span, sentNumber);
        var state = terms.StateLength > 0 ? new NativeVector(terms.StateLength) : null;
        if (state is not null)
        {
            Fill(state.Span, -ticket);
        }

        return new Work(ticket, (int)(ticket % 7), ticket * 3, ticket * 5, ticket + 100, 0.5 / ticket, sent, state) { SentNumber = sentNumber };
    }

    public static void Fill(Span<float> values, long seed)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Value(seed, i);
        }
    }

    /// <summary>
    /// What a host makes of work: the push from what was sent and who it is for, the new state from
    /// the old.
    /// </summary>
    public static void Compute(LinkTerms terms, HostWork work)
    {
        var result = work.Result.Span;
        var sent = work.Work.Sent.Span;
        for (var i = 0; i < terms.PushLength; i++)
        {
            result[i] = sent[i % sent.Length] + work.Work.Gradient;
        }

        for (var i = 0; i < terms.StateLength; i++)
        {
            result[terms.PushLength + i] = work.Work.State!.Span[i] + 1;
        }
    }

    /// <summary>
    /// Whether a result is what <see cref="Compute"/> makes of the work that <see cref="Make"/>
    /// made.
    /// </summary>
    public static void Check(LinkTerms terms, long ticket, long sentNumber, in LinkEvent completed)
    {
        Assert.Equal(LinkEventKind.Completed, completed.Kind);
        Assert.Equal(ticket, completed.Ticket);
        Assert.Equal(terms.PushLength + terms.StateLength, completed.Result!.Length);
        Assert.Equal(Loss(ticket), completed.Loss);
        Assert.Equal(ticket + 11, completed.ComputeTime);
        var result = completed.Result.Span;
        for (var i = 0; i < terms.PushLength; i++)
        {
            Assert.True(Value(sentNumber, i % terms.SentLength) + (ticket * 3) == result[i], $"ticket {ticket}: element {i} of the push is {result[i]}");
        }

        for (var i = 0; i < terms.StateLength; i++)
        {
            Assert.True(Value(-ticket, i) + 1 == result[terms.PushLength + i], $"ticket {ticket}: element {i} of the state is {result[terms.PushLength + i]}");
        }
    }

    public static double Loss(long ticket) => 1.0 / (ticket + 1);

    private static float Value(long seed, int i) => ((seed * 31) + i) % 4_099;
}
