using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>
/// A velocity for each worker and their sum: v^i = gamma v^i + g; theta -= eta v^i; S += change of
/// v^i. The sum gathers rounding errors, so every 1,000 updates it is computed anew from the v^i,
/// in worker order.
/// </summary>
internal sealed class WorkerVelocities(RuleState state, float gamma)
{
    /// <summary>Updates between two computations of the sum.</summary>
    public const int Refresh = 1000;

    private readonly WorkerVectors velocities = state.PerWorker("velocity");
    private readonly NativeVector sum = state.Vector("velocitySum");

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var total = sum.Slice(update.Offset, gradient.Length);
        var velocity = velocities[update.Worker].Slice(update.Offset, gradient.Length);
        FusedPass.Run(new Step((float)update.LearningRate, gamma), gradient, velocity, total, parameters);
        if ((update.Version + 1) % Refresh == 0)
        {
            AddUp(total, update.Offset);
        }
    }

    public ReadOnlySpan<float> Sum(int offset, int length) => sum.Slice(offset, length);

    /// <summary>The worker's velocity; empty before its first push.</summary>
    public ReadOnlySpan<float> Of(int worker, int offset, int length) => velocities.Has(worker) ? velocities[worker].Slice(offset, length) : [];

    private void AddUp(Span<float> total, int offset)
    {
        total.Clear();
        for (var worker = 0; worker < velocities.Count; worker++)
        {
            if (velocities.Has(worker))
            {
                FusedPass.Run(default(Add), velocities[worker].Slice(offset, total.Length), total);
            }
        }
    }

    private readonly struct Step(float eta, float gamma) : IFormula13
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> v, ref Vector<float> s, ref Vector<float> theta)
        {
            var next = MomentumStep.Next(gamma, v, g);
            s += next - v;
            v = next;
            theta -= eta * v;
        }
    }

    private readonly struct Add : IFormula11
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> v, ref Vector<float> s) => s += v;
    }
}
