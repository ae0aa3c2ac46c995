namespace Orchestrator.Models;

/// <summary>An operation that can hand its output to its sole reader line by line, in the pass that writes it.</summary>
internal interface IServesLines
{
    /// <summary>True if the operation could call a reader for every line, and for every line of the gradient; its output's memory then holds but a few.</summary>
    bool CanServe(int height);

    /// <summary>Names the reader, which need not run by itself.</summary>
    void Serve(ILineReader reader);
}
