function(env) env.chart.schema
