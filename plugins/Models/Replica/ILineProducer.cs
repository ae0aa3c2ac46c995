namespace Orchestrator.Models;

/// <summary>
/// An operation that can hand its output to its sole consumer line by line, in the pass that writes
/// it.
/// </summary>
internal interface ILineProducer
{
    /// <summary>
    /// True if it could call a consumer for so many lines at a time, and for their gradient; its
    /// output's memory then holds but a few.
    /// </summary>
    bool CanProduceLines(int height);

    /// <summary>Names the consumer, which need not run by itself.</summary>
    void SendLinesTo(ILineConsumer consumer);
}
