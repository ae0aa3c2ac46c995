namespace Orchestrator.Models;

/// <summary>A replica that knows its own size.</summary>
internal interface IMeasured
{
    long Bytes { get; }
}
