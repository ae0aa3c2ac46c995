using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("Multinomial logistic regression: one linear layer; convex.")]
[Plugin("softmax-regression")]
internal sealed class SoftmaxRegressionModel(SoftmaxRegression architecture) : NetworkModel(architecture);
