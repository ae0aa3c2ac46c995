using System.CommandLine;

namespace Orchestrator.Host;

/// <summary>One command of the program.</summary>
internal interface IVerb
{
    Command Build();
}
