namespace FcnTraining;

/// <summary>How the learning rate goes.</summary>
internal enum ScheduleKind
{
    Poly,
    Constant,
}

/// <summary>The learning rate of every step: constant, or falling to zero as (1 - step / steps)^0.9.</summary>
internal sealed record Schedule(ScheduleKind Kind, double Rate, long Steps)
{
    internal double At(long step) => Kind == ScheduleKind.Constant ? Rate : Rate * Math.Pow(Math.Max(0, 1 - (double)step / Steps), 0.9);
}
