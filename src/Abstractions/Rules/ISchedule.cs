namespace Orchestrator.Abstractions;

/// <summary>A learning-rate schedule; several multiply.</summary>
public interface ISchedule
{
    /// <summary>What the base learning rate is multiplied by.</summary>
    /// <param name="epoch">Samples of applied pushes / training samples; a real number from
    /// 0.</param>
    /// <param name="workers">N.</param>
    double Factor(double epoch, int workers);
}
