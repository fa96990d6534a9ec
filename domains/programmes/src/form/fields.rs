//! Every field of the form.

engawa_kernel::code_enum! {
    /// A field; its code is its path in a read sheet, its word the label with the form's number.
    pub enum Field {
        /// 都道府県名
        Prefecture = "prefecture", "都道府県名";
        /// 市区町村名; blank on a prefecture's own sheet.
        Municipality = "municipality", "市区町村名";

        /// 人口
        Population = "profile.population", "人口";
        /// 世帯数
        Households = "profile.households", "世帯数";
        /// 高齢化率
        AgingRate = "profile.aging_rate", "高齢化率";
        /// 生活保護受給率, % or ‰ as written.
        WelfareRate = "profile.welfare_rate", "生活保護受給率";
        /// 面積
        Area = "profile.area_km2", "面積";
        /// 地縁組織加入率
        AssociationRate = "profile.association_rate", "地縁組織（自治会、町内会等）加入率";
        /// 公立小学校数
        ElementarySchools = "profile.elementary_schools", "公立小学校数";
        /// 公立中学校数
        JuniorHighSchools = "profile.junior_high_schools", "公立中学校数";
        /// 地域包括支援センター
        SupportCenters = "profile.community_support_centers", "地域包括支援センター";
        /// 生活困窮者自立相談支援事業
        SelfRelianceDesks = "profile.self_reliance_desks", "生活困窮者自立相談支援事業";

        /// 1-2
        Features = "features", "地域の特徴（地域性、地場産業、観光等）";
        /// 目的・狙い
        Aim = "vision.aim", "本事業に取り組む目的・狙い";
        /// 起こしたい変化
        Change = "vision.change", "本事業を通じて人と地域に起こしたい変化";

        /// 3 ①
        CommunityImplementer = "community_strengthening.implementer", "① 実施主体（委託先）";
        /// 3 ②
        CommunityName = "community_strengthening.name", "② 事業名";
        /// 3 ③
        CommunityNeed = "community_strengthening.need", "③ 事業実施の必要性";
        /// 3 ④ア
        ActivityArea = "community_strengthening.a.target_area", "④ア 対象地域";
        /// 3 ④ア
        ActivityUnit = "community_strengthening.a.area_unit", "④ア 対象地域の範囲";
        /// 3 ④ア
        ActivityPopulation = "community_strengthening.a.population", "④ア 人口";
        /// 3 ④ア（ア）
        SupportTarget = "community_strengthening.a.participation_support.target", "④ア（ア）支援する対象";
        /// 3 ④ア（ア）
        SupportContent = "community_strengthening.a.participation_support.content", "④ア（ア）支援の内容";
        /// 3 ④ア（イ）
        BasePlace = "community_strengthening.a.base.place", "④ア（イ）拠点の場所";
        /// 3 ④ア（イ）
        BaseOperator = "community_strengthening.a.base.operator", "④ア（イ）運営主体";
        /// 3 ④ア（ウ）
        TrainingTarget = "community_strengthening.a.training.target", "④ア（ウ）研修の対象";
        /// 3 ④ア（ウ）
        TrainingContent = "community_strengthening.a.training.content", "④ア（ウ）研修の内容";
        /// 3 ④ア（エ）
        ActivityOther = "community_strengthening.a.other", "④ア（エ）その他";
        /// 3 ④ア
        Funding = "community_strengthening.a.funding", "④ア 財源等の確保";
        /// 3 ④ア
        ActivityLinks = "community_strengthening.a.linked_programmes", "④ア 連携する他の法定事業等";
        /// 3 ④ア
        ActivityGoal = "community_strengthening.a.goal", "④ア 事業の成果目標";
        /// 3 ④イ
        DeskArea = "community_strengthening.b.target_area", "④イ 対象地域";
        /// 3 ④イ
        DeskUnit = "community_strengthening.b.area_unit", "④イ 対象地域の範囲";
        /// 3 ④イ
        DeskPopulation = "community_strengthening.b.population", "④イ 人口";
        /// 3 ④イ（ア）
        DeskPlace = "community_strengthening.b.desk.place", "④イ（ア）場所・機関等の名称";
        /// 3 ④イ（ア）
        DeskReceiver = "community_strengthening.b.desk.receiver", "④イ（ア）相談を受け止める人";
        /// 3 ④イ（イ）
        Publicity = "community_strengthening.b.publicity", "④イ（イ）周知方法";
        /// 3 ④イ（ウ）
        EarlyDetection = "community_strengthening.b.early_detection", "④イ（ウ）把握の方法";
        /// 3 ④イ（エ）
        BackupContent = "community_strengthening.b.backup.content", "④イ（エ）バックアップの内容";
        /// 3 ④イ（エ）
        BackupBy = "community_strengthening.b.backup.by", "④イ（エ）バックアップする人";
        /// 3 ④イ
        DeskLinks = "community_strengthening.b.linked_programmes", "④イ 連携する他の法定事業等";
        /// 3 ④イ
        DeskGoal = "community_strengthening.b.goal", "④イ 事業の成果目標";
        /// 3 ウ
        CommunityOther = "community_strengthening.other", "④ウ その他";
        /// 3 ⑤
        MultiAgencyPlan = "community_strengthening.multi_agency_plan", "⑤ 多機関の協働による包括的支援体制構築事業実施計画";

        /// 4 ①
        MultiImplementer = "multi_agency.implementer", "① 実施主体（委託先）";
        /// 4 ②
        MultiName = "multi_agency.name", "② 事業名";
        /// 4 ③
        MultiNeed = "multi_agency.need", "③ 事業実施の必要性、体制等";
        /// 4 ④
        Promoters = "multi_agency.promoters", "④ 相談支援包括化推進員の配置予定人数";
        /// 4 ⑤
        PromoterBackground = "multi_agency.promoter_background", "⑤ 相談支援包括化推進員の経歴等";
        /// 4 ⑥
        PromoterHost = "multi_agency.promoter_host", "⑥ 推進員を配置する相談支援機関の種類・名称";
        /// 4 ⑦ア
        Overview = "multi_agency.overview", "⑦ア 取組の概要";
        /// 4 ⑦イ
        CaseMeeting = "multi_agency.case_meeting.how", "⑦イ 個別事例の検討";
        /// 4 ⑦イ
        CaseMeetingName = "multi_agency.case_meeting.existing", "⑦イ 個別事例の検討　既存の会議の名称";
        /// 4 ⑦イ
        NetworkMeeting = "multi_agency.network_meeting.how", "⑦イ ネットワーク構築";
        /// 4 ⑦イ
        NetworkMeetingName = "multi_agency.network_meeting.existing", "⑦イ ネットワーク構築　既存の会議の名称";
        /// 4 ⑦ウ
        OwnFunding = "multi_agency.own_funding", "⑦ウ 自主財源の確保";
        /// 4 ⑦エ
        NewResources = "multi_agency.new_resources", "⑦エ 新たな社会資源の創出";
        /// 4 ⑦オ
        MultiOther = "multi_agency.other", "⑦オ その他";
        /// 4 ⑧
        MultiGoal = "multi_agency.goal", "⑧ 事業の成果目標";
        /// 4 ⑨
        CommunityPlan = "multi_agency.community_plan", "⑨ 地域力強化推進事業実施計画";

        /// 5 ①
        PrefecturalImplementer = "prefectural.implementer", "① 実施主体（委託先）";
        /// 5 ②
        PrefecturalName = "prefectural.name", "② 事業名";
        /// 5 ③
        PrefecturalNeed = "prefectural.need", "③ 事業実施の必要性、体制等";
        /// 5 ④（ア）
        SpecialistTarget = "prefectural.specialist.target", "④（ア）専門的な支援を必要とする者";
        /// 5 ④（ア）
        SpecialistSystem = "prefectural.specialist.system", "④（ア）構築する支援体制";
        /// 5 ④（ア）
        SpecialistProcess = "prefectural.specialist.process", "④（ア）支援体制構築に向けたプロセス";
        /// 5 ④（イ）
        MunicipalTarget = "prefectural.municipal_support.target", "④（イ）支援する対象";
        /// 5 ④（イ）
        MunicipalContent = "prefectural.municipal_support.content", "④（イ）取組の内容";
        /// 5 ⑤
        PrefecturalGoal = "prefectural.goal", "⑤ 事業の成果目標";

        /// Whatever follows the form.
        Attachments = "attachments", "別紙・図の文";
    }
}
