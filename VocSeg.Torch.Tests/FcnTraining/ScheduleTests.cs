using FcnTraining;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class ScheduleTests
{
    [Fact]
    public void Poly_falls_from_the_rate_to_zero()
    {
        var schedule = new Schedule(ScheduleKind.Poly, 0.1, 100);
        Assert.Equal(0.1, schedule.At(0));
        Assert.Equal(0.1 * Math.Pow(0.5, 0.9), schedule.At(50), 1e-12);
        Assert.Equal(0, schedule.At(100));
        Assert.Equal(0, schedule.At(101));
    }

    [Fact]
    public void Constant_stays()
    {
        Assert.Equal(0.1, new Schedule(ScheduleKind.Constant, 0.1, 100).At(99));
    }
}
