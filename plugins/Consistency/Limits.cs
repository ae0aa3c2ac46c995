using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

/// <summary>What options must keep to once the number of workers is known.</summary>
internal static class Limits
{
    public static void NoMoreThanWorkers(string option, int value, int workers)
    {
        if (value > workers)
        {
            throw new OptionException(option, $"{value} is more than the number of workers, {workers}; allowed: 1 to {workers}.");
        }
    }
}
